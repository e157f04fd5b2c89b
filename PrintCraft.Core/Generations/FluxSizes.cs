namespace PrintCraft.Core.Generations;

/// <summary>A size of black-forest-labs/flux-schnell, which takes a shape and a number of megapixels instead of pixels.</summary>
public sealed record FluxSize(string AspectRatio, string Megapixels, int Width, int Height);

/// <summary>
/// The sizes flux-schnell makes: its table of shapes at one megapixel, and the halves of them at a quarter.
/// Source: the model's own prediction code (replicate/cog-flux).
/// </summary>
public static class FluxSizes
{
    private static readonly (string AspectRatio, int Width, int Height)[] Shapes =
    [
        ("1:1", 1024, 1024), ("16:9", 1344, 768), ("21:9", 1536, 640), ("3:2", 1216, 832), ("2:3", 832, 1216), ("4:5", 896, 1088),
        ("5:4", 1088, 896), ("3:4", 896, 1152), ("4:3", 1152, 896), ("9:16", 768, 1344), ("9:21", 640, 1536),
    ];

    public static IReadOnlyList<FluxSize> All { get; } =
    [
        .. Shapes.Select(shape => new FluxSize(shape.AspectRatio, "1", shape.Width, shape.Height)),
        .. Shapes.Select(shape => new FluxSize(shape.AspectRatio, "0.25", shape.Width / 2, shape.Height / 2)),
    ];

    public static FluxSize? Find(int width, int height) => All.FirstOrDefault(size => size.Width == width && size.Height == height);
}
