namespace PrintCraft.Client;

/// <summary>What can be ordered, and what it costs.</summary>
public sealed record Catalog(IReadOnlyList<CatalogStyle> Styles, IReadOnlyList<CatalogQuality> Qualities, CatalogLimits Limits);

/// <param name="Phrase">What the style adds to the prompt; null when nothing.</param>
public sealed record CatalogStyle(string Name, string? Phrase);

/// <param name="EstimatedTime">Seconds that an image usually takes.</param>
/// <param name="HasReferenceImage">Whether it can start from an upload.</param>
/// <param name="HasStrength">Whether it can be told how far to go from that.</param>
/// <param name="Credits">For each image, by its size.</param>
public sealed record CatalogQuality(
    string Name, string Model, double EstimatedTime, bool HasNegativePrompt, bool HasReferenceImage, bool HasStrength, IReadOnlyList<CatalogPrice> Credits, CatalogSizes Sizes);

/// <summary>Of images of at most so many megapixels.</summary>
public sealed record CatalogPrice(int MaxMegapixels, int Credits);

/// <param name="Min">Pixels of either side.</param>
/// <param name="Max">Pixels of either side.</param>
/// <param name="Step">Sides are multiples of it.</param>
/// <param name="Only">When the model makes only these.</param>
public sealed record CatalogSizes(int Min, int Max, int Step, IReadOnlyList<ImageDimensions>? Only);

/// <param name="MaxUploadBytes">Of a picture to start from.</param>
public sealed record CatalogLimits(int MaxPromptLength, int MaxCount, int MaxMegapixels, long MaxSeed, long MaxUploadBytes);
