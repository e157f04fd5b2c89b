namespace PrintCraft.Client;

/// <summary>A prompt and the ways to draw it: every style in every size with every seed, at most 50.</summary>
/// <param name="MaxCredits">Refuse instead of paying more for all together.</param>
public sealed record NewBatch(
    string Prompt, NewBatchOptions Options, string? Style = null, string? NegativePrompt = null, string? WebhookUrl = null, int? MaxCredits = null);

/// <param name="Count">1 to 4 images of each.</param>
public sealed record NewBatchOptions(
    string? Quality = null,
    int? Width = null,
    int? Height = null,
    long? Seed = null,
    int? Count = null,
    string? OutputFormat = null,
    IReadOnlyList<long>? Seeds = null,
    IReadOnlyList<string>? Styles = null,
    IReadOnlyList<ImageDimensions>? Sizes = null,
    Guid? ReferenceImage = null,
    double? Strength = null);

/// <summary>What became of each part of a batch, in the order styles, sizes, seeds (the last changes first).</summary>
public sealed record Batch(BatchQuote Quote, int Accepted, int Refused, IReadOnlyList<BatchEntry> Data);

public sealed record BatchQuote(int Credits, int Count, int EstimatedTime);

/// <param name="Status">accepted or refused.</param>
/// <param name="Error">Why it was refused.</param>
public sealed record BatchEntry(int Index, string Status, Generation? Generation, GenerationFailure? Error);
