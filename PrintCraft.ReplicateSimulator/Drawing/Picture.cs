using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>
/// Draws a prompt. The style is read from the phrase that PrintCraft puts into the prompt; place, subject and colours from its words.
/// The same prompt, seed and size give the same pixels on every machine, and the same bytes on every machine with the same zlib.
/// </summary>
internal static class Picture
{
    private static readonly (string Phrase, Func<Scene, Painter> Painter)[] Styles =
    [
        ("minimal", scene => new Minimalist(scene)),
        ("watercolor", scene => new Watercolor(scene)),
        ("photorealistic", scene => new Photorealistic(scene)),
        ("cartoon", scene => new Cartoon(scene)),
    ];

    /// <summary>Phrases of a prompt that say how to draw, not what.</summary>
    private static readonly string[] Manner =
    [
        "clean, simple, minimal design", "watercolor painting style, artistic", "photorealistic, high detail, 8k",
        "cartoon style, vibrant colors", "high quality, professional",
    ];

    public static byte[] Draw(string prompt, long seed, int width, int height)
    {
        var what = Manner.Aggregate(prompt, (text, phrase) => text.Replace(phrase, "", StringComparison.OrdinalIgnoreCase)).Trim(' ', ',');
        var scene = new Scene(what, seed, width, height);
        var style = Styles.FirstOrDefault(style => prompt.Contains(style.Phrase, StringComparison.OrdinalIgnoreCase));
        var painter = style.Painter?.Invoke(scene) ?? new Abstract(scene);
        var rgb = new byte[width * height * 3];
        Parallel.For(0, height, () => (Row: new Vector3[width], Work: new Painter.Work(width)), (y, _, space) =>
        {
            painter.Paint((y + 0.5f) * scene.Pixel, space.Row, space.Work);
            Quantize(space.Row, rgb.AsSpan(y * width * 3, width * 3));
            return space;
        }, _ => { });
        return PngFile.Write(rgb, width, height);
    }

    private static void Quantize(ReadOnlySpan<Vector3> row, Span<byte> rgb)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var colour = Vector3.Clamp(row[i], Vector3.Zero, Vector3.One) * 255;
            rgb[i * 3] = (byte)(colour.X + 0.5f);
            rgb[(i * 3) + 1] = (byte)(colour.Y + 0.5f);
            rgb[(i * 3) + 2] = (byte)(colour.Z + 0.5f);
        }
    }
}
