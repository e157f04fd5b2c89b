using System.Diagnostics.CodeAnalysis;

using PrintCraft.Core.Network;

namespace PrintCraft.Core.Generations;

/// <summary>What may be ordered. Reports everything that is wrong at once, in the order of the fields.</summary>
public static class OrderRules
{
    public const int MaxPromptLength = 2000;
    public const int MinSide = 256;

    /// <summary>2048 × 2048 is the 4 megapixels that the price table ends at.</summary>
    public const int MaxSide = 2048;

    public const int SideStep = 8;
    public const int MaxCount = 4;

    /// <summary>The last image's seed still fits 31 bits, which every model takes.</summary>
    public const long MaxSeed = int.MaxValue - (MaxCount - 1);

    /// <summary>Below it a model of 30 steps would not draw at all.</summary>
    public const double MinStrength = 0.05;

    public const double DefaultStrength = 0.8;

    private const string Png = "png";

    /// <summary>Turns a draft into an order, with the defaults of the catalogue; or says what is wrong with each field.</summary>
    public static bool TryOrder(
        GenerationDraft draft,
        ModelCatalog catalog,
        [NotNullWhen(true)] out GenerationOrder? order,
        out IReadOnlyList<FieldError> errors)
    {
        var found = new List<FieldError>();
        Check(Printable(draft.Prompt) && draft.Prompt!.Trim().Length is > 0 and <= MaxPromptLength, "prompt", $"must be 1 to {MaxPromptLength} characters of text");
        Check(draft.NegativePrompt is null || (Printable(draft.NegativePrompt) && draft.NegativePrompt.Length <= MaxPromptLength), "negativePrompt", $"must be text of at most {MaxPromptLength} characters");
        Check(draft.Style is null || Styles.Names.Contains(draft.Style), "style", $"must be one of {string.Join(", ", Styles.Names)}");

        var quality = draft.Quality is null ? Quality.Standard : QualityNamed(draft.Quality);
        Check(quality is not null, "options.quality", "must be one of draft, standard, high");

        var (width, height) = (draft.Width ?? 1024, draft.Height ?? 1024);
        var sides = Side(width, "options.width") & Side(height, "options.height");
        if (sides && quality is not null && SizeProblem(catalog.For(quality.Value), width, height) is { } problem)
        {
            found.AddRange(problem);
        }

        Check(draft.Seed is null or (>= 0 and <= MaxSeed), "options.seed", $"must be a whole number from 0 to {MaxSeed}");
        Check(draft.Count is null or (>= 1 and <= MaxCount), "options.count", $"must be from 1 to {MaxCount}");
        Check(draft.OutputFormat is null or Png, "options.outputFormat", "must be png");
        Check(draft.WebhookUrl is null || PublicUrl.IsAllowed(draft.WebhookUrl), "webhookUrl", PublicUrl.Rule);

        if (quality is not null)
        {
            found.AddRange(ReferenceProblems(draft, catalog.For(quality.Value)));
        }

        errors = found;
        order = found.Count > 0
            ? null
            : new GenerationOrder(
                draft.Prompt!.Trim(),
                draft.NegativePrompt?.Trim() ?? Styles.DefaultNegativePrompt,
                draft.Style ?? Styles.None,
                quality!.Value,
                catalog.For(quality.Value),
                width,
                height,
                draft.Seed,
                draft.Count ?? 1,
                Png,
                draft.WebhookUrl,
                draft.ReferenceImage,
                draft.ReferenceImage is not null && catalog.For(quality.Value).StrengthInput is not null ? draft.Strength ?? DefaultStrength : null);
        return order is not null;

        void Check(bool holds, string field, string message)
        {
            if (!holds)
            {
                found.Add(new FieldError(field, message));
            }
        }

        bool Side(int pixels, string field)
        {
            var holds = pixels is >= MinSide and <= MaxSide && pixels % SideStep == 0;
            Check(holds, field, $"must be from {MinSide} to {MaxSide} and a multiple of {SideStep}");
            return holds;
        }
    }

    private static IEnumerable<FieldError> ReferenceProblems(GenerationDraft draft, Model model)
    {
        if (draft.ReferenceImage is not null && model.ReferenceInput is null)
        {
            yield return new FieldError("options.referenceImage", $"is nothing that {model.FullName} takes; qualities with other models do");
        }

        if (draft.Strength is { } strength)
        {
            if (draft.ReferenceImage is null)
            {
                yield return new FieldError("options.strength", "needs options.referenceImage");
            }
            else if (model is { ReferenceInput: not null, StrengthInput: null })
            {
                yield return new FieldError("options.strength", $"is nothing that {model.FullName} takes");
            }
            else if (strength is not (>= MinStrength and <= 1))
            {
                yield return new FieldError("options.strength", FormattableString.Invariant($"must be from {MinStrength} to 1"));
            }
        }
    }

    private static List<FieldError>? SizeProblem(Model model, int width, int height)
    {
        switch (model.Sizes)
        {
            case SizeRule.WidthAndHeight:
                return null;
            case SizeRule.CustomBy32:
                var wrong = new List<FieldError>();
                foreach (var (side, field) in new[] { (width, "options.width"), (height, "options.height") })
                {
                    if (side is < 256 or > 1440 || side % 32 != 0)
                    {
                        wrong.Add(new FieldError(field, $"must be from 256 to 1440 and a multiple of 32 for {model.FullName}"));
                    }
                }

                return wrong;
            case SizeRule.AspectRatioAndMegapixels when FluxSizes.Find(width, height) is null:
                var sizes = string.Join(", ", FluxSizes.All.Select(size => $"{size.Width}×{size.Height}"));
                var message = $"{width}×{height} is not a size of {model.FullName}; it makes {sizes}";
                return [new FieldError("options.width", message), new FieldError("options.height", message)];
            default:
                return null;
        }
    }

    private static Quality? QualityNamed(string name) => name switch
    {
        "draft" => Quality.Draft,
        "standard" => Quality.Standard,
        "high" => Quality.High,
        _ => null,
    };

    // Postgres text cannot hold NUL, and no model wants other control characters.
    private static bool Printable(string? text) => text is not null && !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
}
