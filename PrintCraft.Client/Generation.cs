namespace PrintCraft.Client;

/// <summary>Where a generation stands; the last three are final.</summary>
public enum GenerationStatus
{
    Pending,
    Processing,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>What to draw. Only the prompt is needed.</summary>
/// <param name="Style">none, minimalist, watercolor, photorealistic or cartoon.</param>
/// <param name="WebhookUrl">Your address to be told at the end.</param>
/// <param name="MaxCredits">Refuse instead of paying more.</param>
public sealed record NewGeneration(
    string Prompt, string? Style = null, NewGenerationOptions? Options = null, string? NegativePrompt = null, string? WebhookUrl = null, int? MaxCredits = null);

/// <param name="Quality">draft, standard or high.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Seed">The same seed and request give the same picture.</param>
/// <param name="Count">1 to 4.</param>
/// <param name="OutputFormat">png.</param>
/// <param name="ReferenceImage">The id of one of your uploads that is ready: the picture to start from.</param>
/// <param name="Strength">How far it may go from the reference: from 0.05, almost the same, to 1, nothing of it.</param>
public sealed record NewGenerationOptions(
    string? Quality = null, int? Width = null, int? Height = null, long? Seed = null, int? Count = null, string? OutputFormat = null,
    Guid? ReferenceImage = null, double? Strength = null);

/// <summary>An order and what became of it. Times are UTC, durations seconds, money credits.</summary>
/// <param name="Progress">0 to 100.</param>
/// <param name="ImageUrl">The first image; signed, works until <paramref name="ExpiresAt"/>.</param>
/// <param name="EstimatedTime">Seconds from acceptance to end, as it was estimated then.</param>
/// <param name="QueuePosition">Its place among the jobs that wait for a worker, from 1; null once one has it.</param>
/// <param name="TraceId">The trace in the dashboard.</param>
public sealed record Generation(
    Guid Id,
    Guid UserId,
    GenerationStatus Status,
    int Progress,
    string Prompt,
    string NegativePrompt,
    string Style,
    GenerationOptions Options,
    IReadOnlyList<GeneratedImage> Images,
    string? ImageUrl,
    string? ThumbnailUrl,
    string? PreviewUrl,
    DateTimeOffset? ExpiresAt,
    GenerationMetadata Metadata,
    GenerationCredits Credits,
    GenerationFailure? Error,
    int EstimatedTime,
    int? QueuePosition,
    int Attempts,
    string? WebhookUrl,
    string? TraceId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? CompletedAt,
    GenerationLinks Links)
{
    /// <summary>Whether nothing will change any more.</summary>
    public bool IsFinal => Status is GenerationStatus.Succeeded or GenerationStatus.Failed or GenerationStatus.Canceled;
}

public sealed record GenerationOptions(string Quality, int Width, int Height, long Seed, int Count, string OutputFormat, Guid? ReferenceImage = null, double? Strength = null);

/// <param name="Sha256">Of the file, lower-case hex.</param>
/// <param name="ThumbnailUrl">WebP of at most 256 pixels a side; null until it is made, which is soon after the image.</param>
/// <param name="PreviewUrl">JPEG of at most 1024 pixels a side; null as long as the thumbnail.</param>
public sealed record GeneratedImage(int Index, string Url, int Width, int Height, string Sha256, long Bytes, long Seed, string? ThumbnailUrl = null, string? PreviewUrl = null);

/// <param name="ProcessingTime">Seconds; null until the end.</param>
/// <param name="Cost">Credits of the whole order.</param>
public sealed record GenerationMetadata(string ModelUsed, double? ProcessingTime, int Cost, ImageDimensions Dimensions);

public sealed record ImageDimensions(int Width, int Height);

/// <summary>Held while it runs; then charged for what was made and refunded for what was not.</summary>
public sealed record GenerationCredits(int Held, int Charged, int Refunded);

public sealed record GenerationFailure(string Code, string Message);

/// <param name="Events">Server-sent events of this generation.</param>
/// <param name="Cancel">POST there to end it.</param>
public sealed record GenerationLinks(string Self, string Events, string Cancel);

/// <summary>What an order would cost, in credits, and take, in seconds.</summary>
public sealed record Quote(int Credits, int CreditsPerImage, int Count, int EstimatedTime, string Model);
