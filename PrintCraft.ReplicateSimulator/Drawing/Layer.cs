using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

internal enum Matter { Rock, Trees, Grass, Sand, Buildings, Thing, Detail }

/// <summary>One thing in a picture. It knows how far each point of a row is from its edge: negative inside, 1 where it is far.</summary>
internal abstract class Layer(Matter matter, Vector3 colour, float depth)
{
    public Matter Matter => matter;

    public Vector3 Colour => colour;

    /// <summary>0 at the horizon, 1 before the viewer's feet.</summary>
    public float Depth => depth;

    public float Top { get; protected set; }

    public float Bottom { get; protected set; } = float.MaxValue;

    /// <summary>Distances of a row, in units of the picture's shorter side; <paramref name="pixel"/> is one pixel in that unit.</summary>
    public abstract void Measure(float y, float pixel, Span<float> distances);
}

/// <summary>Land below a line, one height per column.</summary>
internal sealed class Ridge : Layer
{
    private readonly float[] _line;
    private readonly float[] _slope;
    private float[] _cover = [];

    public Ridge(Matter matter, Vector3 colour, float depth, int columns, float pixel, Func<float, float> line)
        : base(matter, colour, depth)
    {
        _line = new float[columns];
        _slope = new float[columns];
        for (var i = 0; i < columns; i++)
        {
            _line[i] = line((i + 0.5f) * pixel);
        }

        for (var i = 0; i < columns; i++)
        {
            // A step between columns is an upright edge: it lies on the pixel grid and needs no softening.
            var rise = (_line[Math.Min(i + 1, columns - 1)] - _line[Math.Max(i - 1, 0)]) / (2 * pixel);
            _slope[i] = matter == Matter.Buildings ? 1 : 1 / MathF.Sqrt(1 + (rise * rise));
        }

        Top = _line.Min();
    }

    public ReadOnlySpan<float> Line => _line;

    public override void Measure(float y, float pixel, Span<float> distances)
    {
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = y < _cover[i] ? (_line[i] - y) * _slope[i] : 1;
        }
    }

    /// <summary>Takes the line of nearer land, below which this ridge need not be drawn, and gives the line of both.</summary>
    public float[] CoverBy(float[] nearer)
    {
        const float Margin = 0.07f;
        _cover = [.. nearer.Select(y => y + Margin)];
        return [.. _line.Zip(nearer, MathF.Min)];
    }
}

/// <summary>A line from one point to another whose thickness changes evenly. A circle is a stroke of no length.</summary>
internal readonly record struct Stroke(Vector2 From, float FromRadius, Vector2 To, float ToRadius)
{
    public Stroke(float x1, float y1, float r1, float x2, float y2, float r2)
        : this(new(x1, y1), r1, new(x2, y2), r2)
    {
    }

    /// <summary>A circle.</summary>
    public Stroke(float x, float y, float radius)
        : this(x, y, radius, x, y, radius)
    {
    }

    public Stroke At(Vector2 origin, float size) => new(origin + (From * size), FromRadius * size, origin + (To * size), ToRadius * size);

    public float Distance(Vector2 point)
    {
        var along = To - From;
        var t = Math.Clamp(Vector2.Dot(point - From, along) / MathF.Max(along.LengthSquared(), 1e-9f), 0, 1);
        return Vector2.Distance(point, From + (along * t)) - FromRadius - ((ToRadius - FromRadius) * t);
    }
}

/// <summary>Strokes melted into one outline.</summary>
internal sealed class Figure : Layer
{
    private readonly Stroke[] _strokes;
    private readonly float _left;
    private readonly float _right;
    private readonly float _melt;

    public Figure(Matter matter, Vector3 colour, float depth, float melt, params Stroke[] strokes)
        : base(matter, colour, depth)
    {
        const float Rim = 0.03f;
        (_strokes, _melt) = (strokes, melt);
        Top = strokes.Min(s => MathF.Min(s.From.Y - s.FromRadius, s.To.Y - s.ToRadius)) - Rim;
        Bottom = strokes.Max(s => MathF.Max(s.From.Y + s.FromRadius, s.To.Y + s.ToRadius)) + Rim;
        _left = strokes.Min(s => MathF.Min(s.From.X - s.FromRadius, s.To.X - s.ToRadius)) - Rim;
        _right = strokes.Max(s => MathF.Max(s.From.X + s.FromRadius, s.To.X + s.ToRadius)) + Rim;
    }

    public override void Measure(float y, float pixel, Span<float> distances)
    {
        distances.Fill(1);
        var first = Math.Clamp((int)(_left / pixel), 0, distances.Length);
        var last = Math.Clamp((int)(_right / pixel) + 1, first, distances.Length);
        for (var i = first; i < last; i++)
        {
            var point = new Vector2((i + 0.5f) * pixel, y);
            var nearest = 1f;
            foreach (var stroke in _strokes)
            {
                var distance = stroke.Distance(point);
                var overlap = MathF.Max(_melt - MathF.Abs(nearest - distance), 0);
                nearest = MathF.Min(nearest, distance) - (_melt > 0 ? overlap * overlap / (4 * _melt) : 0);
            }

            distances[i] = nearest;
        }
    }
}
