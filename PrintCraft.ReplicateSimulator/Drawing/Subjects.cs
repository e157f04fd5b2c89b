using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>The things a prompt can ask for, each a handful of strokes.</summary>
internal static class Subjects
{
    public static IEnumerable<Layer> Cat(Vector2 foot, float size, Vector3 colour, Palette palette)
    {
        Stroke S(float x1, float y1, float r1, float x2, float y2, float r2) =>
            new(foot + (new Vector2(x1, y1) * size), r1 * size, foot + (new Vector2(x2, y2) * size), r2 * size);

        yield return new Figure(Matter.Thing, colour, 1, 0.05f * size,
            S(0, -0.16f, 0.21f, 0.01f, -0.55f, 0.125f), S(0.01f, -0.79f, 0.15f, 0.03f, -0.79f, 0.15f),
            S(-0.08f, -0.88f, 0.055f, -0.125f, -1.03f, 0.006f), S(0.12f, -0.88f, 0.055f, 0.165f, -1.03f, 0.006f),
            S(-0.1f, -0.03f, 0.07f, 0.12f, -0.03f, 0.07f),
            S(0.14f, -0.12f, 0.05f, 0.36f, -0.13f, 0.044f), S(0.36f, -0.13f, 0.044f, 0.44f, -0.27f, 0.038f), S(0.44f, -0.27f, 0.038f, 0.38f, -0.42f, 0.026f));
        yield return new Figure(Matter.Detail, palette.Sun, 1, 0, S(-0.045f, -0.81f, 0.024f, -0.045f, -0.8f, 0.024f), S(0.085f, -0.81f, 0.024f, 0.085f, -0.8f, 0.024f));
    }

    public static IEnumerable<Layer> Tree(Vector2 foot, float size, Vector3 colour, Palette palette)
    {
        Stroke S(float x1, float y1, float r1, float x2, float y2, float r2) =>
            new(foot + (new Vector2(x1, y1) * size), r1 * size, foot + (new Vector2(x2, y2) * size), r2 * size);

        yield return new Figure(Matter.Thing, palette.Near * 0.8f, 1, 0.04f * size,
            S(0, 0.02f, 0.06f, 0.01f, -0.5f, 0.028f), S(0.01f, -0.34f, 0.026f, -0.2f, -0.56f, 0.012f), S(0.01f, -0.4f, 0.026f, 0.2f, -0.62f, 0.012f));
        yield return new Figure(Matter.Thing, colour, 0.95f, 0.03f * size,
            S(-0.24f, -0.58f, 0.13f, -0.24f, -0.58f, 0.13f), S(0.25f, -0.6f, 0.13f, 0.25f, -0.6f, 0.13f), S(-0.17f, -0.76f, 0.14f, -0.17f, -0.76f, 0.14f),
            S(0.19f, -0.77f, 0.14f, 0.19f, -0.77f, 0.14f), S(0.01f, -0.89f, 0.15f, 0.01f, -0.89f, 0.15f), S(0, -0.68f, 0.2f, 0, -0.68f, 0.2f), S(-0.06f, -0.54f, 0.1f, 0.1f, -0.55f, 0.1f));
    }

    public static IEnumerable<Layer> Boat(Vector2 foot, float size, Palette palette)
    {
        Stroke S(float x1, float y1, float r1, float x2, float y2, float r2) =>
            new(foot + (new Vector2(x1, y1) * size), r1 * size, foot + (new Vector2(x2, y2) * size), r2 * size);

        yield return new Figure(Matter.Thing, palette.Near, 0.6f, 0, S(0.02f, -0.1f, 0.01f, 0, -0.92f, 0.006f));
        yield return new Figure(Matter.Thing, Chance.Blend(palette.Sun, Vector3.One, 0.6f), 0.5f, 0, S(0.15f, -0.29f, 0.12f, 0.035f, -0.86f, 0.006f));
        yield return new Figure(Matter.Thing, palette.Accent, 0.5f, 0, S(-0.11f, -0.26f, 0.08f, -0.015f, -0.72f, 0.005f));
        yield return new Figure(Matter.Thing, palette.Near, 0.6f, 0.02f * size, S(-0.24f, -0.12f, 0.02f, 0.26f, -0.12f, 0.03f), S(-0.16f, -0.06f, 0.05f, 0.18f, -0.06f, 0.05f));
    }

    public static IEnumerable<Layer> Balloon(Vector2 at, float size, int index, Palette palette)
    {
        Stroke S(float x1, float y1, float r1, float x2, float y2, float r2) =>
            new(at + (new Vector2(x1, y1) * size), r1 * size, at + (new Vector2(x2, y2) * size), r2 * size);

        var colour = index == 1 ? palette.Accent : Chance.Blend(palette.Accent, index == 0 ? palette.Sun : palette.Middle, 0.55f);
        yield return new Figure(Matter.Detail, palette.Near, 0.6f, 0, S(-0.028f, 0.1f, 0.0015f, -0.014f, 0.17f, 0.0015f), S(0.028f, 0.1f, 0.0015f, 0.014f, 0.17f, 0.0015f));
        yield return new Figure(Matter.Thing, colour, 0.6f, 0.01f, S(0, 0, 0.085f, 0, 0, 0.085f), S(0, 0.03f, 0.07f, 0, 0.115f, 0.022f));
        yield return new Figure(Matter.Detail, Chance.Blend(palette.Sun, Vector3.One, 0.4f), 0.6f, 0, S(0, -0.083f, 0.004f, 0, 0, 0.02f), S(0, 0, 0.02f, 0, 0.12f, 0.007f));
        yield return new Figure(Matter.Thing, palette.Near, 0.6f, 0, S(-0.008f, 0.18f, 0.014f, 0.008f, 0.18f, 0.014f));
    }

    public static Figure Birds(Vector2 around, Dice dice, Vector3 colour) =>
        new(Matter.Detail, colour, 0.7f, 0, [.. Enumerable.Range(0, 7).SelectMany(_ =>
        {
            Vector2 at = around + new Vector2(dice.Between(-0.2f, 0.2f), dice.Between(-0.1f, 0.12f)), wing = new(dice.Between(0.014f, 0.026f), -0.014f);
            Stroke[] bird =
            [
                new(at, 0.0035f, at + (wing * 0.6f), 0.003f), new(at + (wing * 0.6f), 0.003f, at + new Vector2(wing.X * 1.6f, -0.006f), 0.0008f),
                new(at, 0.0035f, at + new Vector2(-wing.X * 0.6f, wing.Y * 0.6f), 0.003f), new(at + new Vector2(-wing.X * 0.6f, wing.Y * 0.6f), 0.003f, at + new Vector2(-wing.X * 1.6f, -0.006f), 0.0008f),
            ];
            return bird;
        })]);

    public static IEnumerable<Layer> Flower(Vector2 head, float size, float ground, Dice dice, Palette palette)
    {
        float lean = dice.Between(-0.06f, 0.06f), turn = dice.Next();
        int petals = 6 + dice.Below(4), kind = dice.Below(3);
        Vector2 root = new(head.X + lean, ground + 0.05f), middle = ((head + root) / 2) + new Vector2(-lean * 0.4f, 0);
        var green = Chance.Blend(palette.Near, palette.Middle, dice.Next() * 0.6f);
        var colour = kind switch { 0 => palette.Accent, 1 => Chance.Blend(palette.Accent, Vector3.One, 0.55f), _ => Chance.Blend(palette.Sun, palette.Accent, 0.3f) };
        yield return new Figure(Matter.Thing, green, 0.9f, 0.004f, new(head, 0.004f, middle, 0.005f), new(middle, 0.005f, root, 0.007f),
            new(middle, 0.004f, middle + new Vector2(0.045f, -0.05f), 0.012f), new(middle + new Vector2(0, 0.06f), 0.004f, middle + new Vector2(-0.05f, 0.015f), 0.013f));
        yield return new Figure(Matter.Thing, colour, 1, size * 0.05f, [.. Enumerable.Range(0, petals).Select(i =>
        {
            Vector2 way = new(Chance.Sin(turn + ((float)i / petals)), Chance.Sin(turn + ((float)i / petals) + 0.25f));
            return new Stroke(head + (way * size * 0.25f), size * 0.1f, head + (way * size * 0.8f), size * (1.75f / petals));
        })]);
        yield return new Figure(Matter.Detail, Chance.Blend(palette.Sun, new Vector3(0.95f, 0.7f, 0.15f), 0.7f), 1, 0, Stroke.Circle(head.X, head.Y, size * 0.3f));
    }
}
