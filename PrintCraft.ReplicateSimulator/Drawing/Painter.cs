using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>Paints a scene row by row in one style. Rows are painted in parallel, so a painter never changes after construction.</summary>
internal abstract class Painter(Scene scene)
{
    protected Scene Scene => scene;

    protected Palette Palette => scene.Palette;

    /// <summary>Colours of a row, each channel 0 to 1; <paramref name="work"/> is scratch space.</summary>
    public abstract void Paint(float y, Span<Vector3> row, Work work);

    /// <summary>How much of a pixel lies inside, for a distance in units.</summary>
    protected float Inside(float distance) => Math.Clamp(0.5f - (distance / Scene.Pixel), 0, 1);

    protected static bool Touches(Layer layer, float y) => y > layer.Top - 0.05f && y < layer.Bottom;

    protected Vector3 SkyAt(float y) =>
        Chance.Blend(Palette.SkyTop, Palette.SkyLow, Chance.Step(0, 0.62f, y / Scene.Height));

    /// <summary>Brightness of the star at a point, mostly 0.</summary>
    protected float Star(float x, float y)
    {
        const float Cell = 0.022f;
        float cx = MathF.Floor(x / Cell), cy = MathF.Floor(y / Cell);
        var bits = Chance.Mix((ulong)(((long)cx * 7919) + ((long)cy * 104729) + (long)(Scene.Shift * 1000)));
        if ((bits & 7) > 2)
        {
            return 0;
        }

        float sx = (cx + 0.2f + (0.6f * Chance.Unit(bits))) * Cell, sy = (cy + 0.2f + (0.6f * Chance.Unit(bits << 20))) * Cell;
        var size = 0.0008f + (0.0018f * Chance.Unit(bits << 9) * Chance.Unit(bits << 30));
        return Inside(Vector2.Distance(new(x, y), new(sx, sy)) - size) * (0.5f + (0.5f * Chance.Unit(bits << 14)));
    }

    /// <summary>Lit windows of a skyline: 0 or 1, without any edge softening because they lie on a grid.</summary>
    protected bool Window(float x, float y, float depth)
    {
        float wide = 0.008f + (0.006f * depth), high = wide * 1.5f;
        float cx = MathF.Floor(x / wide), cy = MathF.Floor(y / high);
        bool pane = (x / wide) - cx is > 0.25f and < 0.75f && (y / high) - cy is > 0.3f and < 0.75f;
        return pane && Chance.Noise(cx + (depth * 50) + 0.5f, cy + Scene.Shift + 0.5f) > 0.64f;
    }

    public sealed class Work(int columns)
    {
        public float[] Distances { get; } = new float[columns];

        public float[] Cloud { get; } = new float[columns];

        public float[] Shine { get; } = new float[columns];
    }
}
