using System.Numerics;
using System.Text;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>
/// Randomness and curves that give the same bits on every machine: integer hashes, and floats that only add, multiply, divide, floor
/// and take square roots. MathF.Sin, Pow and Exp are left out because their last bits belong to the platform, and so is Vector3.Dot,
/// which sums in an order of the processor's own.
/// </summary>
internal static class Chance
{
    private const int Tile = 256;
    private static readonly float[] Lattice = [.. Enumerable.Range(0, Tile * Tile).Select(i => Unit(Mix((ulong)i)))];

    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * 1099511628211UL;
        }

        return Mix(hash);
    }

    /// <summary>SplitMix64's finaliser: every input bit reaches every output bit.</summary>
    public static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    public static float Unit(ulong bits) => (bits >> 40) * (1f / (1 << 24));

    /// <summary>Smooth value noise, 0 to 1, one bump per unit.</summary>
    public static float Noise(float x, float y)
    {
        float fx = MathF.Floor(x), fy = MathF.Floor(y);
        float u = Ease(x - fx), v = Ease(y - fy);
        int x0 = (int)fx & (Tile - 1), x1 = (x0 + 1) & (Tile - 1);
        int y0 = ((int)fy & (Tile - 1)) * Tile, y1 = (y0 + Tile) & ((Tile * Tile) - 1);
        var top = Lattice[y0 + x0] + ((Lattice[y0 + x1] - Lattice[y0 + x0]) * u);
        var low = Lattice[y1 + x0] + ((Lattice[y1 + x1] - Lattice[y1 + x0]) * u);
        return top + ((low - top) * v);
    }

    /// <summary>Octaves of noise, 0 to 1; each is turned so that the lattice does not show.</summary>
    public static float Cloud(float x, float y, int octaves)
    {
        float sum = 0, weight = 0.5f, total = 0;
        for (var i = 0; i < octaves; i++)
        {
            sum += Noise(x, y) * weight;
            total += weight;
            weight *= 0.5f;
            (x, y) = ((x * 1.62f) + (y * 1.22f) + 17.3f, (y * 1.62f) - (x * 1.22f) + 5.1f);
        }

        return sum / total;
    }

    /// <summary>Cloud along a row, in steps of <paramref name="dx"/>. It is soft: every fourth point is enough.</summary>
    public static void CloudRow(Span<float> row, float x, float dx, float y, int octaves)
    {
        const int Coarse = 4;
        var next = Cloud(x, y, octaves);
        for (var i = 0; i < row.Length; i++)
        {
            if (i % Coarse == 0)
            {
                (row[i], next) = (next, Cloud(x + ((i + Coarse) * dx), y, octaves));
            }
            else
            {
                row[i] = row[i - 1] + ((next - row[i - 1]) / (Coarse + 1 - (i % Coarse)));
            }
        }
    }

    public static float Ease(float t) => t * t * (3 - (2 * t));

    public static float Step(float from, float to, float value) => Ease(Math.Clamp((value - from) / (to - from), 0, 1));

    /// <summary>Sine of turns (1 = a full circle), within 0.001.</summary>
    public static float Sin(float turns)
    {
        var t = (turns - MathF.Floor(turns + 0.5f)) * 2;
        var p = 4 * t * (1 - MathF.Abs(t));
        return p * (0.775f + (0.225f * MathF.Abs(p)));
    }

    /// <summary>Direction of a vector in turns, -0.5 to 0.5, within 0.001.</summary>
    public static float Turns(float x, float y)
    {
        float ax = MathF.Abs(x), ay = MathF.Abs(y), z = MathF.Min(ax, ay) / MathF.Max(MathF.Max(ax, ay), 1e-9f);
        var turns = z * (0.125f + (0.0435f * (1 - z)));
        turns = ay > ax ? 0.25f - turns : turns;
        turns = x < 0 ? 0.5f - turns : turns;
        return y < 0 ? -turns : turns;
    }

    public static Vector3 Blend(Vector3 a, Vector3 b, float t) => a + ((b - a) * Math.Clamp(t, 0, 1));
}

/// <summary>A seeded sequence of numbers.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    public float Next() => Chance.Unit(Chance.Mix(_state++));

    public float Between(float low, float high) => low + ((high - low) * Next());

    public int Below(int count) => Math.Min((int)(Next() * count), count - 1);
}
