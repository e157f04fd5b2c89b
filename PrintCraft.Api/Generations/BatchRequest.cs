using System.ComponentModel;

using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A prompt and the ways to draw it: every style in every size with every seed.</summary>
public sealed record BatchRequest(
    [property: Description("What to draw, 1 to 2,000 characters.")] string? Prompt = null,
    [property: Description("What to leave out; \"blurry, low quality, watermark, text\" unless said. Models without one ignore it.")] string? NegativePrompt = null,
    [property: Description("The style, when options.styles does not name several.")] string? Style = null,
    BatchOptionsRequest? Options = null,
    [property: Description("Your address to be told at the end of each.")] string? WebhookUrl = null,
    [property: Description("Refuse instead of paying more than this many credits for all together.")] int? MaxCredits = null)
{
    public const int MaxItems = 50;

    /// <summary>The drafts, styles outermost and seeds innermost; or what is wrong with the lists.</summary>
    internal IReadOnlyList<BatchItem> Drafts(out IReadOnlyList<FieldError> errors)
    {
        var found = new List<FieldError>();
        Check(Options?.Styles is null || Style is null, "options.styles", "cannot stand beside style");
        Check(Options?.Seeds is null || Options.Seed is null, "options.seeds", "cannot stand beside options.seed");
        Check(Options?.Sizes is null || (Options.Width is null && Options.Height is null), "options.sizes", "cannot stand beside options.width and options.height");
        Check(Options?.Styles is not { Count: 0 }, "options.styles", "must name at least one");
        Check(Options?.Seeds is not { Count: 0 }, "options.seeds", "must name at least one");
        Check(Options?.Sizes is not { Count: 0 }, "options.sizes", "must name at least one");

        var (styles, sizes, seeds) = (Options?.Styles?.Count ?? 1, Options?.Sizes?.Count ?? 1, Options?.Seeds?.Count ?? 1);
        Check((long)styles * sizes * seeds <= MaxItems, "options", $"must give at most {MaxItems} generations; these are {(long)styles * sizes * seeds}");
        errors = found;
        return found.Count > 0
            ? []
            : [.. from style in Enumerable.Range(0, styles) from size in Enumerable.Range(0, sizes) from seed in Enumerable.Range(0, seeds) select Item(style, size, seed)];

        void Check(bool holds, string field, string message)
        {
            if (!holds)
            {
                found.Add(new FieldError(field, message));
            }
        }
    }

    private BatchItem Item(int style, int size, int seed)
    {
        var (width, height) = Options?.Sizes?[size] is { } named ? (named.Width, named.Height) : (Options?.Width, Options?.Height);
        var draft = new GenerationDraft(
            Prompt,
            NegativePrompt,
            Options?.Styles?[style] ?? Style,
            Options?.Quality,
            width,
            height,
            Options?.Seeds?[seed] ?? Options?.Seed,
            Options?.Count,
            Options?.OutputFormat,
            WebhookUrl,
            Options?.ReferenceImage,
            Options?.Strength);
        return new BatchItem(draft, new Dictionary<string, string>
        {
            ["style"] = Options?.Styles is null ? "style" : $"options.styles[{style}]",
            ["options.width"] = Options?.Sizes is null ? "options.width" : $"options.sizes[{size}].width",
            ["options.height"] = Options?.Sizes is null ? "options.height" : $"options.sizes[{size}].height",
            ["options.seed"] = Options?.Seeds is null ? "options.seed" : $"options.seeds[{seed}]",
        });
    }
}

public sealed record BatchOptionsRequest(
    [property: Description("draft, standard or high; standard unless said. Chooses model, price and time.")] string? Quality = null,
    [property: Description("Pixels, when options.sizes does not name several.")] int? Width = null,
    [property: Description("Pixels, when options.sizes does not name several.")] int? Height = null,
    [property: Description("The seed, when options.seeds does not name several.")] long? Seed = null,
    [property: Description("1 to 4 images of each; 1 unless said.")] int? Count = null,
    [property: Description("png.")] string? OutputFormat = null,
    [property: Description("Several seeds.")] IReadOnlyList<long>? Seeds = null,
    [property: Description("Several styles.")] IReadOnlyList<string>? Styles = null,
    [property: Description("Several sizes.")] IReadOnlyList<BatchSize>? Sizes = null,
    [property: Description("The id of one of your uploads that is ready: the picture that all start from, cut to each size.")] Guid? ReferenceImage = null,
    [property: Description("How far the pictures may go from the reference: from 0.05, almost the same, to 1, nothing of it; 0.8 unless said.")] double? Strength = null);

public sealed record BatchSize(int? Width = null, int? Height = null);

/// <summary>One generation of a batch, and how its fields are called in the batch.</summary>
internal sealed record BatchItem(GenerationDraft Draft, IReadOnlyDictionary<string, string> Names)
{
    public FieldError Named(FieldError error) => error with { Field = Names.GetValueOrDefault(error.Field, error.Field) };
}
