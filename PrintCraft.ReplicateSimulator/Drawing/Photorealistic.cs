using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>Light, air and water: shaded rock, mist that gathers in valleys, a sun that glows, and a surface that mirrors it all.</summary>
internal sealed class Photorealistic(Scene scene) : Painter(scene)
{
    private readonly Vector3 _mist = Linear(Chance.Blend(scene.Palette.SkyLow, scene.Palette.Far, scene.Palette.Night ? 0.5f : 0.15f));
    private readonly Vector3 _sun = Linear(scene.Palette.Sun);
    private readonly Vector3[]?[] _air = new Vector3[(int)(scene.Height / scene.Pixel) + 1][];

    public override void Paint(float y, Span<Vector3> row, Work work)
    {
        if (y <= Scene.Waterline)
        {
            Air(y, work).CopyTo(row);
        }
        else
        {
            PaintWater(y, row, work);
        }

        Shade(Scene.Near, y, row, work);
        Develop(y, row);
    }

    /// <summary>The row that holds this height, without water. Water asks for it again. Two threads may paint it, alike.</summary>
    private Vector3[] Air(float y, Work work)
    {
        var index = (int)(MathF.Max(y, 0) / Scene.Pixel);
        return _air[index] ??= PaintAir((index + 0.5f) * Scene.Pixel, work);
    }

    private Vector3[] PaintAir(float y, Work work)
    {
        var row = new Vector3[work.Distances.Length];
        var sky = Linear(SkyAt(y));
        var space = Scene.Place == Place.Space;
        var high = 0.25f + (y / Scene.Height);
        Chance.CloudRow(work.Cloud, Scene.Shift, Scene.Pixel * 2.2f / high, (y * 6.5f / high) + Scene.Shift, 5);
        Chance.CloudRow(work.Shine, Scene.Shift, Scene.Pixel * 5, y * 12, 1);
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, away = Vector2.Distance(new(x, y), Scene.Sun);
            float cloud = work.Cloud[i], shine = work.Shine[i] - 0.35f;
            var glow = Scene.SunRadius == 0 ? 0 : 1 / (1 + (away * away * (Palette.Night ? 90 : 26)));
            var colour = sky + (_sun * (glow * glow * 0.9f));
            if (space)
            {
                var nebula = Chance.Step(0.4f, 0.8f, Chance.Cloud((x * 2.4f) + Scene.Shift, (y * 2.4f) + cloud, 5));
                var wisp = Chance.Step(0.55f, 0.85f, cloud);
                colour = (sky * 0.35f) + (Linear(Palette.Far) * (nebula * nebula * 0.55f)) + (Linear(Palette.Accent) * (wisp * 0.2f));
            }
            else
            {
                var lit = Chance.Blend(Linear(Palette.SkyTop) * 0.8f, Linear(Palette.SkyLow) + (_sun * glow), 0.5f + (1.1f * shine));
                colour = Chance.Blend(colour, lit, Chance.Step(0.52f, 0.74f, cloud) * (Palette.Night ? 0.45f : 0.75f));
            }

            if (away < Scene.SunRadius)
            {
                var disc = Chance.Step(Scene.SunRadius * 0.6f, Scene.SunRadius * (Palette.Night ? 0.56f : 0.3f), away);
                colour += _sun * (disc * (Palette.Night ? 0.9f - (0.3f * Chance.Cloud(x * 22, y * 22, 3)) : 2.4f));
            }

            row[i] = Palette.Night || space ? colour + new Vector3(Star(x, y) * (1 - Chance.Step(0.5f, 0.7f, cloud))) : colour;
        }

        Shade(Scene.Far, y, row, work);
        return row;
    }

    private void Shade(List<Layer> layers, float y, Span<Vector3> row, Work work)
    {
        foreach (var layer in layers)
        {
            if (!Touches(layer, y))
            {
                continue;
            }

            layer.Measure(y, Scene.Pixel, work.Distances);
            var colour = Linear(layer.Colour);
            for (var i = 0; i < row.Length; i++)
            {
                var cover = Inside(work.Distances[i]);
                if (cover > 0)
                {
                    row[i] = Chance.Blend(row[i], Lit(layer, colour, (i + 0.5f) * Scene.Pixel, y, -work.Distances[i]), cover);
                }
            }
        }
    }

    private Vector3 Lit(Layer layer, Vector3 colour, float x, float y, float inside)
    {
        var toSun = Math.Clamp((Scene.Sun.X - x) * 2, -1, 1);
        var light = 0.75f;
        switch (layer.Matter)
        {
            case Matter.Rock:
                float f = 9 - (4 * layer.Depth), u = (x * f) + Scene.Shift + (layer.Depth * 40), v = (y * f * 0.62f) + (layer.Depth * 9);
                var slope = (Rock(u, v) - Rock(u + (0.05f * toSun), v - 0.03f)) * 7;
                light = Math.Clamp(0.62f + slope, 0.12f, 1.7f);
                var high = Chance.Step(0.14f, 0.02f, inside + (0.25f * (Chance.Cloud(u * 2, v * 2, 3) - 0.45f)));
                var snow = Scene.Place == Place.Mountains ? high * Chance.Step(-0.35f, 0.05f, slope) * (1 - (0.8f * layer.Depth)) : 0;
                colour = Chance.Blend(colour * 0.8f, new Vector3(0.86f, 0.9f, 0.97f), snow);
                break;
            case Matter.Trees:
                var needles = Chance.Noise((x * 260) + (layer.Depth * 70), (y * 120) + Scene.Shift);
                light = 0.35f + (0.5f * needles) + (0.5f * Chance.Step(0.012f, 0, inside));
                break;
            case Matter.Grass:
                var blades = Chance.Noise(x * 300, y * 90) - 0.5f;
                light = 0.5f + (0.5f * Chance.Cloud((x * 9) + Scene.Shift, y * 22, 3)) + (0.35f * blades);
                light += 0.5f * Chance.Step(0.05f, 0, inside);
                break;
            case Matter.Sand:
                var ripple = Chance.Sin((y * 55) + (9 * Chance.Cloud((x * 3) + Scene.Shift, y * 4, 3)) + (x * 7));
                var drift = Chance.Cloud((x * 4) + Scene.Shift, y * 7, 4) - 0.5f;
                light = 0.8f + (0.1f * ripple * layer.Depth) + (0.3f * drift);
                light += (0.45f * Chance.Step(0.05f, 0, inside)) - (0.5f * Chance.Step(0.05f, 0.3f, inside));
                break;
            case Matter.Buildings:
                light = 0.55f + (0.25f * Chance.Noise((x * 40) + (layer.Depth * 60), 0.5f));
                if (Window(x, y, layer.Depth))
                {
                    return Chance.Blend(Linear(Palette.Sun) * (0.5f + (0.9f * layer.Depth)), _mist, Mist(layer, y, inside) * 0.7f);
                }

                break;
            case Matter.Thing when Scene.Place == Place.Space && layer.Depth < 0.5f:
                return Planet(colour, x, y, layer);
            case Matter.Thing or Matter.Detail:
                var rim = Chance.Step(0.05f, 0, inside) * (0.5f + (toSun * 0.5f));
                light = 0.65f + (0.35f * rim) - (0.3f * Chance.Step(0, 0.1f, inside)) + (0.2f * Chance.Cloud(x * 60, y * 60, 2));
                break;
        }

        var lamp = Chance.Blend(new Vector3(0.75f, 0.8f, 0.95f), _sun * 1.1f, light - 0.3f);
        return Chance.Blend(colour * light * lamp, _mist, Mist(layer, y, inside));
    }

    private static float Rock(float u, float v) => 1 - MathF.Abs((2 * Chance.Cloud(u, v, 5)) - 1);

    private float Mist(Layer layer, float y, float inside)
    {
        var air = Scene.Place == Place.Space ? 0 : 1 - layer.Depth;
        if (layer is not Ridge)
        {
            return air * 0.1f;
        }

        var thick = (Scene.Place == Place.Hills ? 0.3f : 0.5f) * (0.6f + (0.8f * Chance.Noise((y * 9) + (layer.Depth * 7), Scene.Shift)));
        return Math.Clamp((air * 0.72f) + (thick * (1 - (layer.Depth * layer.Depth)) * Chance.Step(0.02f, 0.3f, inside)), 0, 0.94f);
    }

    private Vector3 Planet(Vector3 colour, float x, float y, Layer globe)
    {
        float radius = ((globe.Bottom - globe.Top) / 2) - 0.03f, cy = (globe.Bottom + globe.Top) / 2;
        float cx = radius > 0.1f ? Scene.Sun.X : Scene.Width - Scene.Sun.X;
        float nx = (x - cx) / radius, ny = (y - cy) / radius, nz = MathF.Sqrt(MathF.Max(0, 1 - (nx * nx) - (ny * ny)));
        var band = radius > 0.1f
            ? Chance.Cloud((ny * 5) + (0.5f * nx) + Scene.Shift, (nx * 0.7f) + (0.6f * Chance.Cloud(nx * 3, ny * 6, 3)), 4)
            : Chance.Cloud((nx * 3) + Scene.Shift, ny * 3, 4);
        var lit = Math.Clamp((-0.62f * nx) - (0.42f * ny) + (0.66f * nz), 0, 1);
        var skin = Chance.Blend(colour, Linear(radius > 0.1f ? Palette.Sun : Palette.Far), Chance.Step(0.3f, 0.7f, band));
        return (skin * ((lit * 1.25f) + 0.015f)) + (Linear(Palette.Accent) * (0.35f * lit * (1 - nz) * (1 - nz)));
    }

    /// <summary>Two mirrored rows, mixed by ripples that widen towards the viewer, darker the steeper one looks down.</summary>
    private void PaintWater(float y, Span<Vector3> row, Work work)
    {
        float below = y - Scene.Waterline, reach = 0.004f + (below * 0.16f), above = Scene.Waterline - (below * 1.15f);
        Vector3[] calm = Air(above - reach, work), ripple = Air(above + (reach * 0.5f), work);
        float far = 1 / (below + 0.035f), deep = Chance.Step(0, 0.75f, below / (Scene.Height - Scene.Waterline + 0.01f));
        var depth = Linear(Palette.Near) * 0.7f;
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, u = ((x - (Scene.Width / 2)) * far * 3.2f) + Scene.Shift, v = far * 9;
            float swell = Chance.Cloud(u, v * 2.4f, 3), chop = Chance.Noise(u * 5, v * 11);
            var shift = Math.Clamp(i + (int)((swell - 0.5f) * 0.05f * below * 6 / Scene.Pixel), 0, row.Length - 1);
            var mirror = Chance.Blend(calm[shift], ripple[shift], Chance.Step(0.3f, 0.7f, (0.7f * swell) + (0.3f * chop)));
            var colour = Chance.Blend(mirror * 0.9f, depth, 0.12f + (0.6f * deep * Chance.Step(0.35f, 0.75f, swell)));
            var path = Scene.SunRadius == 0 ? 0 : Chance.Step(0.05f + (0.22f * below), 0, MathF.Abs(x - Scene.Sun.X));
            var glitter = path * path * Chance.Step(0.55f, 0.8f, (0.5f * swell) + (0.5f * chop));
            row[i] = colour + (_sun * (glitter * (Palette.Night ? 0.5f : 0.9f)));
        }
    }

    /// <summary>Exposure, vignette, a little grain, and back from linear light.</summary>
    private void Develop(float y, Span<Vector3> row)
    {
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel, cx = (x / Scene.Width) - 0.5f, cy = (y / Scene.Height) - 0.5f;
            var light = row[i] * (1.12f - (0.75f * ((cx * cx) + (cy * cy))));
            light = light * (Vector3.One + (light * 0.16f)) / (Vector3.One + (light * 0.42f));
            var grain = Chance.Unit(Chance.Mix((ulong)((i * 65537L) + (long)(y * 4000003)))) - 0.5f;
            row[i] = Vector3.SquareRoot(Vector3.Max(light, Vector3.Zero)) + new Vector3(grain * 0.014f);
        }
    }

    private static Vector3 Linear(Vector3 colour) => colour * colour;
}
