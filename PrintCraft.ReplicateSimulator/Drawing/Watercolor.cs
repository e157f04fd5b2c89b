using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>Translucent washes on grained paper: wobbling edges where pigment gathers, pools inside, a ragged border, splashes.</summary>
internal sealed class Watercolor : Painter
{
    private static readonly Vector3 Paper = new(0.985f, 0.975f, 0.95f);
    private readonly Figure[] _splashes;

    public Watercolor(Scene scene)
        : base(scene)
    {
        var dice = new Dice((ulong)(scene.Shift * 4096));
        _splashes = [.. Enumerable.Range(0, 14).Select(i => new Figure(Matter.Detail, i % 3 == 0 ? Palette.Accent : Palette.SkyTop, 1, 0,
            new Stroke(dice.Next() * scene.Width, dice.Next() * scene.Height, 0.002f + (0.008f * dice.Next() * dice.Next()))))];
    }

    public override void Paint(float y, Span<Vector3> row, Work work)
    {
        Chance.CloudRow(work.Cloud, Scene.Shift, Scene.Pixel * 2.6f, (y * 3.4f) + 7, 4);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, pool = work.Cloud[i], away = Vector2.Distance(new(x, y), Scene.Sun);
            var bare = Palette.Night ? 0.9f : Chance.Step(0.36f, 0.6f, pool + (0.16f * (1 - (y / Scene.Height))));
            var glow = Scene.SunRadius == 0 ? 1 : Chance.Step(0.6f, 2.2f, away / Scene.SunRadius);
            var disc = Scene.SunRadius == 0 ? 0 : Chance.Step(0.008f, -0.008f, away - Scene.SunRadius + (0.02f * (pool - 0.5f)));
            var wash = Paper * Chance.Blend(Vector3.One, SkyAt(y), bare * (0.25f + (0.75f * glow)) * (0.75f + (0.5f * pool)));
            row[i] = Chance.Blend(wash, Paper * Chance.Blend(Palette.Sun, Palette.Accent, Palette.Night ? 0.05f : 0.35f), disc * 0.9f);
            if (Palette.Night)
            {
                row[i] = Chance.Blend(row[i], Paper, Star(x, y));
            }
        }

        Wash(Scene.Far, y, row, work);
        if (y > Scene.Waterline - 0.02f)
        {
            WashWater(y, row);
        }

        Wash(Scene.Near, y, row, work);
        Border(y, row);
        Wash(_splashes, y, row, work);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel;
            row[i] *= 0.955f + (0.03f * Chance.Noise(x * 420, y * 420)) + (0.04f * Chance.Noise((x * 150) + 9, (y * 190) + Scene.Shift));
        }
    }

    private void Wash(IEnumerable<Layer> layers, float y, Span<Vector3> row, Work work)
    {
        foreach (var layer in layers)
        {
            if (!Touches(layer, y))
            {
                continue;
            }

            var from = layer.Depth * 31;
            layer.Measure(y, Scene.Pixel, work.Distances);
            Chance.CloudRow(work.Cloud, from, Scene.Pixel * 5, (y * 5) + Scene.Shift, 3);
            Chance.CloudRow(work.Shine, from, Scene.Pixel * 4, (y * 4) + 30, 1);
            var wobble = layer.Matter is Matter.Rock or Matter.Grass or Matter.Sand ? 0.022f : 0.008f;
            for (var i = 0; i < row.Length; i++)
            {
                if (work.Distances[i] > 0.03f)
                {
                    continue;
                }

                float x = (i + 0.5f) * Scene.Pixel, pool = work.Cloud[i];
                var distance = work.Distances[i] + ((pool - 0.5f) * wobble) + ((Chance.Noise((x * 70) + from, y * 70) - 0.5f) * 0.004f);
                var wet = 0.0022f + (0.012f * Chance.Step(0.58f, 0.85f, work.Shine[i]));
                Glaze(ref row[i], layer, distance, wet, pool);
            }
        }
    }

    private static void Glaze(ref Vector3 paper, Layer layer, float distance, float wet, float pool)
    {
        var cover = Chance.Step(wet, -wet, distance);
        var land = layer is Ridge;
        var rim = 0.3f / (1 + (distance * distance * 90000));
        var thin = land && layer.Matter != Matter.Trees ? 1 - (0.62f * Chance.Step(0, 0.2f + (0.1f * layer.Depth), -distance)) : 0.9f;
        var pigment = Math.Clamp(((0.62f + (0.7f * (pool - 0.5f))) * thin) + rim + (0.2f * layer.Depth), 0, 1.15f);
        var lifted = Chance.Blend(paper, Paper, cover * (land ? 0.78f : 0.9f));
        paper = lifted * (Vector3.One + ((layer.Colour - Vector3.One) * (cover * pigment)));
    }

    private void WashWater(float y, Span<Vector3> row)
    {
        var below = y - Scene.Waterline;
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, far = 1 / (0.05f + MathF.Max(below, 0));
            var stroke = Chance.Cloud((x * 2.2f) + Scene.Shift, 3 + (MathF.Max(below, 0) * 26), 3);
            var cover = Chance.Step(-0.004f, 0.004f, below + ((stroke - 0.5f) * 0.01f));
            var bare = Chance.Step(0.3f, 0.5f, stroke + (0.012f * far * 0.1f));
            var path = Scene.SunRadius == 0 ? 0 : Chance.Step(0.16f, 0.02f, MathF.Abs(x - Scene.Sun.X) + ((stroke - 0.5f) * 0.3f));
            var tint = Chance.Blend(Chance.Blend(Palette.SkyLow, Palette.Middle, 0.4f + (1.1f * below)), Palette.Sun, path * 0.75f);
            var wash = Paper * Chance.Blend(Vector3.One, tint, (0.35f + (0.6f * bare)) * (0.8f + (0.4f * (stroke - 0.5f))));
            row[i] = Chance.Blend(row[i], wash, cover);
        }
    }

    /// <summary>The painting stops short of the paper's edge, with the dark line that dried there.</summary>
    private void Border(float y, Span<Vector3> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel;
            var inset = MathF.Min(MathF.Min(x, Scene.Width - x), MathF.Min(y, Scene.Height - y));
            if (inset > 0.14f)
            {
                continue;
            }

            var edge = inset - 0.055f + ((Chance.Cloud((x * 6) + Scene.Shift, y * 6, 4) - 0.5f) * 0.085f);
            row[i] = Chance.Blend(Paper, row[i] * (1 - (0.13f / (1 + (edge * edge * 120000)))), Chance.Step(-0.0025f, 0.0025f, edge));
        }
    }
}
