using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>A flat print: a few calm shapes in a window on cream paper, and a lot of nothing.</summary>
internal sealed class Minimalist : Painter
{
    private readonly Vector3 _paper;
    private readonly bool _arch;
    private readonly Vector2 _orb;

    public Minimalist(Scene scene)
        : base(scene)
    {
        _paper = Chance.Blend(new Vector3(0.965f, 0.945f, 0.905f), Palette.SkyLow, 0.12f);
        _arch = ((int)scene.Shift & 1) == 0;
        var middle = new Vector2(scene.Width / 2, 0.36f * scene.Height);
        _orb = middle + ((scene.Sun - middle) * 0.62f);
    }

    public override void Paint(float y, Span<Vector3> row, Work work)
    {
        var sky = Chance.Blend(Palette.SkyLow, Palette.SkyTop, Palette.Night ? 0.75f : 0.12f);
        var orb = Chance.Blend(Palette.Sun, Palette.Accent, Palette.Night ? 0 : 0.8f);
        var water = Chance.Blend(Palette.Middle, sky, 0.45f);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel;
            row[i] = Chance.Blend(sky, orb, Inside(Vector2.Distance(new(x, y), _orb) - (Scene.SunRadius * 1.4f)));
        }

        Flatten(Scene.Far, y, row, work);
        if (y > Scene.Waterline - Scene.Pixel)
        {
            float band = (y - Scene.Waterline) / 0.035f, reach = (0.17f * Chance.Noise(MathF.Floor(band) * 3.7f, Scene.Shift)) - 0.02f;
            for (var i = 0; i < row.Length; i++)
            {
                float x = (i + 0.5f) * Scene.Pixel, away = MathF.Abs(x - _orb.X) - reach;
                var glint = MathF.Abs(band - MathF.Floor(band) - 0.5f) < 0.09f && band is > 0.5f and < 7 ? Inside(away) : 0;
                row[i] = Chance.Blend(row[i], Chance.Blend(water, orb, glint), Inside(Scene.Waterline - y));
            }
        }

        Flatten(Scene.Near, y, row, work);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] = Chance.Blend(_paper, row[i], Inside(Frame((i + 0.5f) * Scene.Pixel, y)));
        }
    }

    /// <summary>Distance to the window: an arch or a rounded square.</summary>
    private float Frame(float x, float y)
    {
        float half = (Scene.Width / 2) - 0.13f, high = (Scene.Height / 2) - 0.13f, round = _arch ? MathF.Min(half, high) : 0.03f;
        float up = (Scene.Height / 2) - y, aside = MathF.Abs(x - (Scene.Width / 2));
        float dx = aside - half + round, dy = (_arch ? up : MathF.Abs(up)) - high + round;
        var corner = new Vector2(MathF.Max(dx, 0), MathF.Max(dy, 0)).Length() + MathF.Min(MathF.Max(dx, dy), 0) - round;
        return MathF.Max(corner, -up - high);
    }

    private void Flatten(List<Layer> layers, float y, Span<Vector3> row, Work work)
    {
        foreach (var layer in layers.Where(layer => Touches(layer, y)))
        {
            layer.Measure(y, Scene.Pixel, work.Distances);
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = Chance.Blend(row[i], layer.Colour, Inside(work.Distances[i]));
            }
        }
    }
}
