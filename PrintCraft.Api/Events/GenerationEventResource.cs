using System.Text.Json.Serialization;

using PrintCraft.Api.Generations;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Events;

/// <summary>The <c>data</c> of a streamed event.</summary>
/// <param name="Seq">Its number within the job, from 1 without gaps.</param>
/// <param name="Type">accepted, submitted, progress, output, stored, succeeded, failed or canceled.</param>
/// <param name="Status">Of the generation, from this event on.</param>
/// <param name="Progress">0 to 100, of the whole generation.</param>
/// <param name="Image">Index of the image it is about; null when it is about the whole.</param>
/// <param name="ImageUrl">The first image, signed; only when the job succeeded.</param>
/// <param name="Error">Why; only when the job failed.</param>
public record GenerationEventResource(
    Guid GenerationId,
    int Seq,
    string Type,
    GenerationStatus Status,
    int Progress,
    int? Image,
    DateTimeOffset Timestamp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ImageUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailureResource? Error)
{
    public static GenerationEventResource From(EventRow row, GenerationResources resources) => new(
        row.GenerationId,
        row.Seq,
        row.Type,
        StatusAfter(row.Type),
        row.Progress,
        row.Image,
        row.CreatedAt,
        row.StorageKey is { } key ? resources.ImageUrl(key) : null,
        row.Type == "failed" && row.ErrorCode is { } code ? new FailureResource(code, FailureCodes.Message(code)) : null);

    /// <summary>The <c>event</c> field.</summary>
    public static string NameOf(string type) => StatusAfter(type) switch
    {
        GenerationStatus.Succeeded => "job.completed",
        GenerationStatus.Failed => "job.failed",
        GenerationStatus.Canceled => "job.canceled",
        GenerationStatus.Pending or GenerationStatus.Processing => "job.progress",
    };

    public static GenerationStatus StatusAfter(string type) => type switch
    {
        "accepted" => GenerationStatus.Pending,
        "succeeded" => GenerationStatus.Succeeded,
        "failed" => GenerationStatus.Failed,
        "canceled" => GenerationStatus.Canceled,
        _ => GenerationStatus.Processing,
    };
}
