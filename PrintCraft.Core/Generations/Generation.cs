namespace PrintCraft.Core.Generations;

/// <summary>
/// A prompt on its way to one or more images. The row is the job: it carries the lease, the deadline and the price.
/// The API inserts it; after that only the worker that holds the lease writes it, by guarded UPDATE (docs/generation-lifecycle.md); a webhook may only
/// make it due and tell a prediction's id.
/// </summary>
public sealed class Generation
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public GenerationStatus Status { get; init; }

    /// <summary>0 to 100, never falling: 10 accepted, 50 submitted, 80 output, 90 stored, 100 done.</summary>
    public int Progress { get; init; }

    public required string Prompt { get; init; }

    public required string NegativePrompt { get; init; }

    /// <summary>A key of <see cref="Styles"/>.</summary>
    public required string Style { get; init; }

    public required Quality Quality { get; init; }

    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Of the first image; image n has seed + n.</summary>
    public required long Seed { get; init; }

    public required int Count { get; init; }

    public required string OutputFormat { get; init; }

    /// <summary>The upload that the pictures start from.</summary>
    public Guid? ReferenceId { get; init; }

    /// <summary>How far the pictures may go from the reference, up to 1; null where the model has no such measure.</summary>
    public double? ReferenceStrength { get; init; }

    /// <summary>The provider's model, as owner/name.</summary>
    public required string Model { get; init; }

    /// <summary>Credits; <c>Count</c> times this is held at acceptance.</summary>
    public required int CreditsPerImage { get; init; }

    public int Charged { get; init; }

    public int Refunded { get; init; }

    /// <summary>One of <see cref="FailureCodes"/> when the generation failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Seconds.</summary>
    public required int EstimatedTime { get; init; }

    /// <summary>The customer's own address, from the request.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>W3C traceparent of the request that created it: every later span joins that trace.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>When the job is given up, whatever was lost.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>When a worker should look at it again; null when final.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>A webhook came while a worker held the lease: look again at once after it.</summary>
    public bool Hinted { get; init; }

    /// <summary>By the database's clock.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Fencing token, one higher with each claim: a write with an older one changes nothing.</summary>
    public long LeaseToken { get; init; }

    /// <summary>Number of the newest event.</summary>
    public int LastEvent { get; init; }

    /// <summary>Its owner wants it to end; the worker ends it.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>Deleted by its owner, who no longer sees it; the row stays, because money moved for it.</summary>
    public DateTimeOffset? HiddenAt { get; init; }

    /// <summary>When the files of a hidden generation were gone.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>Part of the hold came from grants that expire: a refund must return it there.</summary>
    public bool UsesGrants { get; init; }

    public List<GenerationImage> Images { get; init; } = [];

    /// <summary>Whether an image has no thumbnail yet, and perhaps never.</summary>
    public bool AwaitsThumbnails() => Images.Exists(image => image is { Status: ImageStatus.Succeeded, ThumbnailsAt: null });
}

/// <summary>One image of a generation: one prediction at the provider, one file in the store.</summary>
public sealed class GenerationImage
{
    public required Guid GenerationId { get; init; }

    /// <summary>From 0.</summary>
    public required int Index { get; init; }

    public required long Seed { get; init; }

    public ImageStatus Status { get; init; }

    public int Progress { get; init; }

    /// <summary>Submissions that count against the limit.</summary>
    public int Attempt { get; init; }

    /// <summary>How often in a row the provider did not take it; only makes the pauses longer.</summary>
    public int Refusals { get; init; }

    /// <summary>Not to be submitted before (back-off).</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? SubmitIntentAt { get; init; }

    /// <summary>Random, per attempt; stands in the webhook address, so that a webhook and a listed prediction can be matched to it.</summary>
    public string? Token { get; init; }

    /// <summary>The provider's id. While submitting, it was told by a webhook and is not yet confirmed by reading it.</summary>
    public string? PredictionId { get; init; }

    /// <summary>Ids of earlier attempts, so that none of them is taken for a later one.</summary>
    public List<string> PastPredictions { get; init; } = [];

    /// <summary>Submissions whose outcome stayed unknown.</summary>
    public int Unknowns { get; init; }

    public DateTimeOffset? SubmittedAt { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? ErrorCode { get; init; }

    /// <summary>Key in the image store.</summary>
    public string? StorageKey { get; init; }

    /// <summary>Lower-case hex.</summary>
    public string? Sha256 { get; init; }

    public long? Bytes { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    /// <summary>When its thumbnail and its preview were there; their keys follow from <see cref="StorageKey"/>.</summary>
    public DateTimeOffset? ThumbnailsAt { get; init; }

    /// <summary>How often they were begun: a picture that ends its worker is not tried for ever.</summary>
    public int ThumbnailTries { get; init; }
}

/// <summary>A numbered fact about a generation, written in the transaction that made it true.</summary>
public sealed class GenerationEvent
{
    public required Guid GenerationId { get; init; }

    /// <summary>From 1, without gaps.</summary>
    public required int Seq { get; init; }

    /// <summary>accepted, submitted, progress, output, stored, succeeded, failed or canceled.</summary>
    public required string Type { get; init; }

    /// <summary>JSON.</summary>
    public required string Payload { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>From 1, without gaps over all jobs of the user.</summary>
    public required long UserSeq { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
