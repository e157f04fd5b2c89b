using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>The things a prompt can ask for, each a handful of strokes around a point, in units of its size.</summary>
internal static class Subjects
{
    public static IEnumerable<Layer> Cat(Vector2 foot, float size, Vector3 colour, Palette palette) =>
    [
        Thing(foot, size, colour, 1, 0.05f,
            new(0, -0.16f, 0.21f, 0.01f, -0.55f, 0.125f), new(0.01f, -0.79f, 0.15f, 0.03f, -0.79f, 0.15f),
            new(-0.08f, -0.88f, 0.055f, -0.125f, -1.03f, 0.006f), new(0.12f, -0.88f, 0.055f, 0.165f, -1.03f, 0.006f),
            new(-0.1f, -0.03f, 0.07f, 0.12f, -0.03f, 0.07f), new(0.14f, -0.12f, 0.05f, 0.36f, -0.13f, 0.044f),
            new(0.36f, -0.13f, 0.044f, 0.44f, -0.27f, 0.038f), new(0.44f, -0.27f, 0.038f, 0.38f, -0.42f, 0.026f)),
        Detail(foot, size, palette.Sun, new(-0.045f, -0.8f, 0.024f), new(0.085f, -0.8f, 0.024f)),
    ];

    public static IEnumerable<Layer> Tree(Vector2 foot, float size, Vector3 colour, Palette palette) =>
    [
        Thing(foot, size, palette.Near * 0.8f, 1, 0.04f,
            new(0, 0.02f, 0.06f, 0.01f, -0.5f, 0.028f), new(0.01f, -0.34f, 0.026f, -0.2f, -0.56f, 0.012f),
            new(0.01f, -0.4f, 0.026f, 0.2f, -0.62f, 0.012f)),
        Thing(foot, size, colour, 0.95f, 0.03f,
            new(-0.24f, -0.58f, 0.13f), new(0.25f, -0.6f, 0.13f), new(-0.17f, -0.76f, 0.14f), new(0.19f, -0.77f, 0.14f),
            new(0.01f, -0.89f, 0.15f), new(0, -0.68f, 0.2f), new(-0.06f, -0.54f, 0.1f, 0.1f, -0.55f, 0.1f)),
    ];

    public static IEnumerable<Layer> Boat(Vector2 foot, float size, Palette palette) =>
    [
        Thing(foot, size, palette.Near, 0.6f, 0, new Stroke(0.02f, -0.1f, 0.01f, 0, -0.92f, 0.006f)),
        Thing(foot, size, Chance.Blend(palette.Sun, Vector3.One, 0.6f), 0.5f, 0, new Stroke(0.15f, -0.29f, 0.12f, 0.035f, -0.86f, 0.006f)),
        Thing(foot, size, palette.Accent, 0.5f, 0, new Stroke(-0.11f, -0.26f, 0.08f, -0.015f, -0.72f, 0.005f)),
        Thing(foot, size, palette.Near, 0.6f, 0.02f,
            new(-0.24f, -0.12f, 0.02f, 0.26f, -0.12f, 0.03f), new(-0.16f, -0.06f, 0.05f, 0.18f, -0.06f, 0.05f)),
    ];

    public static IEnumerable<Layer> Balloon(Vector2 at, float size, int index, Palette palette)
    {
        var colour = index == 1 ? palette.Accent : Chance.Blend(palette.Accent, index == 0 ? palette.Sun : palette.Middle, 0.55f);
        return
        [
            Detail(at, size, palette.Near,
                new(-0.028f, 0.1f, 0.0015f, -0.014f, 0.17f, 0.0015f), new(0.028f, 0.1f, 0.0015f, 0.014f, 0.17f, 0.0015f)),
            Thing(at, size, colour, 0.6f, 0.01f, new(0, 0, 0.085f), new(0, 0.03f, 0.07f, 0, 0.115f, 0.022f)),
            Detail(at, size, Chance.Blend(palette.Sun, Vector3.One, 0.4f),
                new(0, -0.083f, 0.004f, 0, 0, 0.02f), new(0, 0, 0.02f, 0, 0.12f, 0.007f)),
            Thing(at, size, palette.Near, 0.6f, 0, new Stroke(-0.008f, 0.18f, 0.014f, 0.008f, 0.18f, 0.014f)),
        ];
    }

    public static IEnumerable<Layer> Cloud(Vector2 at, float size, Palette palette) =>
    [
        Thing(at, size, palette.SkyLow, 0, 0.3f,
            new(-1.5f, 0, 0.75f), new(0, -0.4f, 1.15f), new(1.4f, -0.1f, 0.85f), new(-2, 0.5f, 0.4f, 2.1f, 0.5f, 0.4f)),
    ];

    public static Figure Bird(Vector2 at, float size, Vector3 colour) => Detail(at, size, colour,
        new(0, 0, 0.14f, 0.6f, -0.4f, 0.12f), new(0.6f, -0.4f, 0.12f, 1.6f, -0.3f, 0.03f),
        new(0, 0, 0.14f, -0.6f, -0.4f, 0.12f), new(-0.6f, -0.4f, 0.12f, -1.6f, -0.3f, 0.03f));

    public static IEnumerable<Layer> Flower(Vector2 head, float size, float ground, Dice dice, Palette palette)
    {
        float lean = dice.Between(-0.06f, 0.06f), turn = dice.Next();
        int petals = 6 + dice.Below(4), kind = dice.Below(3);
        Vector2 root = new(head.X + lean, ground + 0.05f), middle = ((head + root) / 2) + new Vector2(-lean * 0.4f, 0);
        var green = Chance.Blend(palette.Near, palette.Middle, dice.Next() * 0.6f);
        var colour = kind switch
        {
            0 => palette.Accent,
            1 => Chance.Blend(palette.Accent, Vector3.One, 0.55f),
            _ => Chance.Blend(palette.Sun, palette.Accent, 0.3f),
        };
        return
        [
            new Figure(Matter.Thing, green, 0.9f, 0.004f,
                new(head, 0.004f, middle, 0.005f), new(middle, 0.005f, root, 0.007f),
                new(middle, 0.004f, middle + new Vector2(0.045f, -0.05f), 0.012f),
                new(middle + new Vector2(0, 0.06f), 0.004f, middle + new Vector2(-0.05f, 0.015f), 0.013f)),
            Thing(head, size, colour, 1, 0.05f, [.. Enumerable.Range(0, petals).Select(i =>
            {
                float part = turn + ((float)i / petals), x = Chance.Sin(part), y = Chance.Sin(part + 0.25f);
                return new Stroke(x * 0.25f, y * 0.25f, 0.1f, x * 0.8f, y * 0.8f, 1.75f / petals);
            })]),
            Detail(head, size, Chance.Blend(palette.Sun, new Vector3(0.95f, 0.7f, 0.15f), 0.7f), new Stroke(0, 0, 0.3f)),
        ];
    }

    private static Figure Thing(Vector2 at, float size, Vector3 colour, float depth, float melt, params Stroke[] strokes) =>
        new(Matter.Thing, colour, depth, melt * size, [.. strokes.Select(stroke => stroke.At(at, size))]);

    private static Figure Detail(Vector2 at, float size, Vector3 colour, params Stroke[] strokes) =>
        new(Matter.Detail, colour, 0.8f, 0, [.. strokes.Select(stroke => stroke.At(at, size))]);
}
