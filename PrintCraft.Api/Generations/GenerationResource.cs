using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A generation as the API shows it, everywhere the same. Times are RFC 3339, durations seconds, money credits.</summary>
/// <param name="ThumbnailUrl">Of the first image.</param>
/// <param name="PreviewUrl">Of the first image.</param>
/// <param name="EstimatedTime">Seconds from acceptance to end, as it was estimated then.</param>
/// <param name="QueuePosition">Its place among the jobs that wait for a worker, from 1; null once one has it.</param>
public sealed record GenerationResource(
    Guid Id,
    Guid UserId,
    GenerationStatus Status,
    int Progress,
    string Prompt,
    string NegativePrompt,
    string Style,
    GenerationOptionsResource Options,
    IReadOnlyList<ImageResource> Images,
    string? ImageUrl,
    string? ThumbnailUrl,
    string? PreviewUrl,
    DateTimeOffset? ExpiresAt,
    GenerationMetadata Metadata,
    CreditsResource Credits,
    FailureResource? Error,
    int EstimatedTime,
    int? QueuePosition,
    int Attempts,
    string? WebhookUrl,
    string? TraceId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    GenerationLinks Links);

/// <param name="ReferenceImage">The upload that it starts from.</param>
/// <param name="Strength">How far it may go from the reference, up to 1; null without a reference, or where the model has no such measure.</param>
public sealed record GenerationOptionsResource(Quality Quality, int Width, int Height, long Seed, int Count, string OutputFormat, Guid? ReferenceImage = null, double? Strength = null);

/// <param name="Url">Signed, like the others; works until the generation's <c>expiresAt</c>.</param>
/// <param name="ThumbnailUrl">WebP of at most 256 pixels a side; null until it is made, which is soon after the image.</param>
/// <param name="PreviewUrl">JPEG of at most 1024 pixels a side; null as long as the thumbnail.</param>
public sealed record ImageResource(int Index, string Url, int Width, int Height, string Sha256, long Bytes, long Seed, string? ThumbnailUrl = null, string? PreviewUrl = null);

/// <param name="ProcessingTime">Seconds from start to end; null until the end.</param>
/// <param name="Cost">Credits of the whole order.</param>
public sealed record GenerationMetadata(string ModelUsed, double? ProcessingTime, int Cost, Dimensions Dimensions);

public sealed record Dimensions(int Width, int Height);

/// <summary>Where the credits of this job are: held while it runs; then charged for what was made, refunded for what was not.</summary>
public sealed record CreditsResource(int Held, int Charged, int Refunded);

public sealed record FailureResource(string Code, string Message);

/// <param name="Events">Server-sent events of this generation.</param>
/// <param name="Cancel">POST there to end it.</param>
public sealed record GenerationLinks(string Self, string Events, string Cancel)
{
    public static GenerationLinks To(Guid id) => new($"/api/v1/generations/{id}", $"/api/v1/generations/{id}/events", $"/api/v1/generations/{id}/cancel");
}
