using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PrintCraft.Core.Generations;

/// <summary>The order behind a generation, to be run again.</summary>
public static class RepeatOrder
{
    /// <summary>The same prompt, size, seed, reference and model; false, with the reason, when the catalogue has changed so that it would be another picture or none.</summary>
    public static bool TryFrom(Generation generation, ModelCatalog catalog, [NotNullWhen(true)] out GenerationOrder? order, [NotNullWhen(false)] out string? reason)
    {
        var draft = new GenerationDraft(
            generation.Prompt,
            generation.NegativePrompt,
            generation.Style,
            JsonNamingPolicy.CamelCase.ConvertName(generation.Quality.ToString()),
            generation.Width,
            generation.Height,
            generation.Seed,
            generation.Count,
            generation.OutputFormat,
            generation.WebhookUrl,
            generation.ReferenceId,
            generation.ReferenceStrength);
        if (catalog.For(generation.Quality).FullName != generation.Model)
        {
            (order, reason) = (null, $"It was made for {generation.Model}, which is no longer the model of this quality. Order it anew.");
            return false;
        }

        if (!OrderRules.TryOrder(draft, catalog, out order, out var errors))
        {
            reason = $"It can no longer be ordered: {errors[0].Field} {errors[0].Message}.";
            return false;
        }

        reason = null;
        return true;
    }
}
