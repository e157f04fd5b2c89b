using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;

namespace PrintCraft.Core.Generations;

/// <summary>How a model is told the size of its picture.</summary>
public enum SizeRule
{
    /// <summary>width and height, any that PrintCraft accepts.</summary>
    WidthAndHeight,

    /// <summary>aspect_ratio "custom" with width and height from 256 to 1440 in steps of 32 (black-forest-labs/flux-1.1-pro).</summary>
    CustomBy32,

    /// <summary>aspect_ratio and megapixels: only the sizes of <see cref="FluxSizes"/> (black-forest-labs/flux-schnell).</summary>
    AspectRatioAndMegapixels,
}

/// <summary>
/// One entry of the model catalogue: where the model lives at the provider, what it costs, and how our options become its inputs.
/// The schema of each model stands on its page, https://replicate.com/{owner}/{name}/api/schema.
/// </summary>
public sealed record Model
{
    [Required]
    public required string Owner { get; init; }

    [Required]
    public required string Name { get; init; }

    /// <summary>The pinned version (64 hex digits); null for an official model, which has its own route and no version.</summary>
    [RegularExpression("^[0-9a-f]{64}$")]
    public string? Version { get; init; }

    /// <summary>Credits for an image of at most one megapixel; twice that up to two, four times up to four.</summary>
    [Range(1, 1000)]
    public required int Credits { get; init; }

    /// <summary>How long an image usually takes.</summary>
    public required TimeSpan Estimate { get; init; }

    public required SizeRule Sizes { get; init; }

    /// <summary>Whether the model has a negative_prompt.</summary>
    public bool HasNegativePrompt { get; init; }

    /// <summary>The input that takes a reference picture, as a data URL; null when the model has none.</summary>
    public string? ReferenceInput { get; init; }

    /// <summary>The input that says how far the picture may go from the reference, up to 1; null when the model has none.</summary>
    public string? StrengthInput { get; init; }

    /// <summary>Inputs that are the same for every request. Numbers and true/false are sent as such.</summary>
    public IReadOnlyDictionary<string, string> FixedInput { get; init; } = new Dictionary<string, string>();

    public string FullName => $"{Owner}/{Name}";

    /// <summary>The <c>input</c> of the prediction for one image.</summary>
    /// <param name="reference">Data URL of the picture to start from, of the size of the order: a model may make its picture as large as that one.</param>
    public JsonObject Input(Generation generation, long seed, string? reference = null)
    {
        var input = new JsonObject { ["prompt"] = Styles.Enhance(generation.Prompt, generation.Style), ["seed"] = seed };
        foreach (var (name, value) in FixedInput)
        {
            input[name] = Scalar(value);
        }

        if (HasNegativePrompt && generation.NegativePrompt.Length > 0)
        {
            input["negative_prompt"] = generation.NegativePrompt;
        }

        if (reference is not null && ReferenceInput is not null)
        {
            input[ReferenceInput] = reference;
            if (StrengthInput is not null)
            {
                input[StrengthInput] = generation.ReferenceStrength;
            }
        }

        switch (Sizes)
        {
            case SizeRule.AspectRatioAndMegapixels:
                var size = FluxSizes.Find(generation.Width, generation.Height)
                    ?? throw new InvalidOperationException($"{FullName} cannot make {generation.Width}×{generation.Height}; the request should have been refused.");
                input["aspect_ratio"] = size.AspectRatio;
                input["megapixels"] = size.Megapixels;
                break;
            case SizeRule.CustomBy32:
                input["aspect_ratio"] = "custom";
                goto case SizeRule.WidthAndHeight;
            case SizeRule.WidthAndHeight:
                input["width"] = generation.Width;
                input["height"] = generation.Height;
                break;
        }

        return input;
    }

    private static JsonValue Scalar(string value) =>
        bool.TryParse(value, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValue.Create(number)
        : JsonValue.Create(value);
}
