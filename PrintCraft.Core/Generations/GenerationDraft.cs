namespace PrintCraft.Core.Generations;

/// <summary>A request as the caller sent it, before any rule looked at it. Null means "not said".</summary>
public sealed record GenerationDraft(
    string? Prompt,
    string? NegativePrompt,
    string? Style,
    string? Quality,
    int? Width,
    int? Height,
    long? Seed,
    int? Count,
    string? OutputFormat,
    string? WebhookUrl,
    Guid? ReferenceImage = null,
    double? Strength = null);

/// <summary>A request that may be run.</summary>
public sealed record GenerationOrder(
    string Prompt,
    string NegativePrompt,
    string Style,
    Quality Quality,
    Model Model,
    int Width,
    int Height,
    long? Seed,
    int Count,
    string OutputFormat,
    string? WebhookUrl,
    Guid? ReferenceId = null,
    double? ReferenceStrength = null)
{
    public int CreditsPerImage => Price.PerImage(Model, Width, Height);

    public int Credits => CreditsPerImage * Count;
}

/// <summary>What is wrong with one field, by its JSON path (<c>options.width</c>).</summary>
public sealed record FieldError(string Field, string Message);
