namespace PrintCraft.Core.Generations;

/// <summary>The styles a request may name, and the phrases they add to the prompt.</summary>
public static class Styles
{
    /// <summary>The prompt as it is.</summary>
    public const string None = "none";

    /// <summary>What the provider is asked to leave out unless the request says otherwise.</summary>
    public const string DefaultNegativePrompt = "blurry, low quality, watermark, text";

    private const string QualitySuffix = "high quality, professional";

    public static IReadOnlyDictionary<string, string> Phrases { get; } = new Dictionary<string, string>
    {
        ["minimalist"] = "clean, simple, minimal design",
        ["watercolor"] = "watercolor painting style, artistic",
        ["photorealistic"] = "photorealistic, high detail, 8k",
        ["cartoon"] = "cartoon style, vibrant colors",
    };

    public static IReadOnlyList<string> Names { get; } = [None, .. Phrases.Keys];

    /// <summary>The prompt as the provider gets it: prompt, style phrase, quality suffix.</summary>
    public static string Enhance(string prompt, string style) =>
        Phrases.TryGetValue(style, out var phrase) ? $"{prompt}, {phrase}, {QualitySuffix}" : $"{prompt}, {QualitySuffix}";
}
