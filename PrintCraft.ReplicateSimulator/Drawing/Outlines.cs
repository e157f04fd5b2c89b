namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>The upper edges of land: a height for each place from left to right.</summary>
internal static class Outlines
{
    public static float Peaks(float x)
    {
        float sum = 0, weight = 0.62f, frequency = 1;
        for (var i = 0; i < 6; i++)
        {
            var ridge = 1 - MathF.Abs((2 * Chance.Noise(x * frequency, 3.5f + (i * 11))) - 1);
            sum += weight * ridge * (i == 0 ? ridge : 1);
            weight *= 0.42f;
            frequency *= 2.13f;
        }

        return sum;
    }

    public static float Conifers(float x, float from, float gap, float tall, float ground)
    {
        var top = ground;
        for (var tree = MathF.Floor(x / gap) - 2; tree <= MathF.Floor(x / gap) + 2; tree++)
        {
            float a = Chance.Noise(tree + from + 0.5f, 0.5f), b = Chance.Noise(tree + from + 0.5f, 9.5f);
            var away = MathF.Abs(x - ((tree + 0.2f + (0.6f * b)) * gap)) / (gap * (0.65f + (0.4f * a)));
            if (away < 1)
            {
                top = MathF.Min(top, ground - (tall * (0.45f + (0.55f * a)) * (1 - away + (0.055f * Chance.Sin(away * 4)))));
            }
        }

        return top;
    }

    public static float Skyline(float x, float from, float wide)
    {
        var cell = MathF.Floor(x / wide);
        float a = Chance.Noise(cell + from + 0.5f, 2.5f), b = Chance.Noise(cell + from + 0.5f, 7.5f), within = (x / wide) - cell;
        float crowd = Chance.Noise((cell * wide * 2.2f) + from, 4.5f), height = 0.08f + (0.75f * a * a * a) + (0.5f * crowd * crowd);
        float middle = MathF.Abs(within - 0.5f), setback = b > 0.45f && middle < 0.32f ? 0.05f : 0;
        var spire = a > 0.55f && middle < 0.04f ? 0.15f : 0;
        return height + setback + spire;
    }

    public static float Dune(float x)
    {
        var t = x - MathF.Floor(x);
        return t < 0.66f ? Chance.Ease(t / 0.66f * 0.92f) / Chance.Ease(0.92f) : Chance.Ease((1 - t) / 0.34f);
    }
}
