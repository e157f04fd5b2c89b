namespace PrintCraft.Core.Generations;

/// <summary>What an image costs, in credits.</summary>
public static class Price
{
    private const int Megapixel = 1024 * 1024;

    /// <summary>The model's price up to one megapixel, twice it up to two, four times up to four.</summary>
    public static int PerImage(Model model, int width, int height) => model.Credits * SizeClass(width, height);

    /// <summary>Sizes that cost and take about the same: 1, 2 or 4 megapixels.</summary>
    public static int SizeClass(int width, int height) => ((long)width * height) switch
    {
        <= Megapixel => 1,
        <= 2 * Megapixel => 2,
        _ => 4,
    };
}
