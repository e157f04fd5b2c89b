using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>Bold ink lines, flat bright colours in two tones, sun rays, and halftone dots where the shade is.</summary>
internal sealed class Cartoon(Scene scene) : Painter(scene)
{
    private const float Line = 0.0042f;
    private static readonly Vector3 Ink = new(0.09f, 0.07f, 0.13f);

    public override void Paint(float y, Span<Vector3> row, Work work)
    {
        Vector3 top = Bright(Palette.SkyTop), low = Bright(Palette.SkyLow), orb = Bright(Palette.Sun);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel;
            var fade = Chance.Step(0.05f, 0.75f, y / Scene.Height);
            row[i] = Dots(x, y, fade) ? low : Chance.Blend(top, low, fade * 0.55f);
            var away = Vector2.Distance(new(x, y), Scene.Sun);
            if (Scene.SunRadius > 0)
            {
                float turn = Chance.Turns(x - Scene.Sun.X, y - Scene.Sun.Y) * 14, edge = MathF.Abs(turn - MathF.Floor(turn) - 0.5f) - 0.25f;
                row[i] = Chance.Blend(row[i], orb, (Palette.Night ? 0.1f : 0.34f) * Inside(edge * away * 0.4f));
                row[i] = Chance.Blend(row[i], Ink, Inside(away - Scene.SunRadius - Line));
                row[i] = Chance.Blend(row[i], orb, Inside(away - Scene.SunRadius + Line));
            }

            row[i] = Chance.Blend(row[i], Vector3.One, Palette.Night ? Star(x, y) : 0);
        }

        Draw(Scene.Clouds, y, row, work);
        Draw(Scene.Far, y, row, work);
        if (y > Scene.Waterline - 0.01f)
        {
            DrawWater(y, row);
        }

        Draw(Scene.Near, y, row, work);
    }

    private void Draw(List<Layer> layers, float y, Span<Vector3> row, Work work)
    {
        foreach (var layer in layers)
        {
            if (!Touches(layer, y))
            {
                continue;
            }

            layer.Measure(y, Scene.Pixel, work.Distances);
            var flat = layers == Scene.Clouds ? new(0.99f, 0.99f, 1) : Bright(layer.Colour);
            Vector3 light = Chance.Blend(flat, Vector3.One, 0.28f), shade = flat * new Vector3(0.7f, 0.68f, 0.8f);
            var line = Line * (layer.Matter is Matter.Detail or Matter.Trees ? 0.45f : 0.75f + (0.5f * layer.Depth));
            var land = layer is Ridge && layer.Matter is not (Matter.Trees or Matter.Buildings);
            var band = 0.03f + (0.03f * layer.Depth);
            for (var i = 0; i < row.Length; i++)
            {
                var distance = work.Distances[i];
                if (distance > line + 0.01f)
                {
                    continue;
                }

                float x = (i + 0.5f) * Scene.Pixel;
                var colour = Chance.Blend(flat, light, layer is Ridge && layer.Matter != Matter.Trees ? Inside(-distance - band) : 0);
                if (land && Dots(x, y, Chance.Step(band, band + 0.2f, -distance) * 0.8f))
                {
                    colour = shade;
                }
                else if (layer.Matter == Matter.Buildings && Window(x, y, layer.Depth))
                {
                    colour = Bright(Palette.Sun);
                }

                row[i] = Chance.Blend(row[i], Ink, Inside(distance - line));
                row[i] = Chance.Blend(row[i], colour, Inside(distance + line));
            }
        }
    }

    private void DrawWater(float y, Span<Vector3> row)
    {
        Vector3 flat = Bright(Chance.Blend(Palette.Middle, Palette.SkyTop, 0.45f)), crest = Chance.Blend(flat, Vector3.One, 0.55f);
        float below = y - Scene.Waterline, wave = MathF.Sqrt(MathF.Max(below, 0)) * 11, band = MathF.Floor(wave);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, swell = 0.03f + (0.05f * band);
            var near = MathF.Abs(wave - band - 0.5f - (0.22f * Chance.Sin((x / (swell * 2.4f)) + (band * 0.37f)))) * swell;
            var dash = Chance.Noise((x / swell * 0.3f) + (band * 5.3f), Scene.Shift + band) - 0.52f;
            var colour = Chance.Blend(flat, crest, Inside(near - 0.004f) * Chance.Step(0, 0.02f, dash));
            colour = Dots(x, y, Chance.Step(0.1f, 0.5f, below) * 0.6f) && colour == flat ? flat * 0.82f : colour;
            row[i] = Chance.Blend(row[i], Ink, Inside(-below - Line));
            row[i] = Chance.Blend(row[i], colour, Inside(-below + (Line * 0.6f)));
        }
    }

    private static bool Dots(float x, float y, float strength)
    {
        const float Cell = 0.0125f;
        float u = (x + y) / Cell, v = (x - y) / Cell;
        u -= MathF.Floor(u) + 0.5f;
        v -= MathF.Floor(v) + 0.5f;
        return (u * u) + (v * v) < strength * strength * 0.4f;
    }

    private static Vector3 Bright(Vector3 colour)
    {
        var grey = (colour.X * 0.3f) + (colour.Y * 0.59f) + (colour.Z * 0.11f);
        return Vector3.Clamp(((colour - new Vector3(grey)) * 1.45f) + new Vector3(0.06f + (grey * 1.02f)), Vector3.Zero, Vector3.One);
    }
}
