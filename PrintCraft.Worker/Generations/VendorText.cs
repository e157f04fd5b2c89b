using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>The provider's words, for our log only. They may repeat the prompt, which is never logged.</summary>
internal static class VendorText
{
    private const int MaxLength = 500;

    public static string Safe(string? text, Generation generation)
    {
        var safe = (text ?? "").Replace(generation.Prompt, "[prompt]", StringComparison.OrdinalIgnoreCase).ReplaceLineEndings(" ");
        if (generation.NegativePrompt.Length > 0)
        {
            safe = safe.Replace(generation.NegativePrompt, "[negative prompt]", StringComparison.OrdinalIgnoreCase);
        }

        return safe.Length <= MaxLength ? safe : safe[..MaxLength] + "…";
    }
}
