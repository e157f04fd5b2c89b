using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>
/// What a picture shows, the same for every style: light, land and subject. Place, subject and palette come from the words of the
/// prompt, everything else from prompt and seed. Lengths are in units of the shorter side.
/// </summary>
internal sealed class Scene
{
    private readonly Dice _dice;
    private readonly int _columns;

    public Scene(string prompt, long seed, int columns, int rows)
    {
        var words = prompt.ToLowerInvariant().Split([.. " ,.;:!?'\"()-_/\n\t"], StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word => word.EndsWith('s') ? [word, word[..^1]] : new[] { word }).ToHashSet(StringComparer.Ordinal);
        var hash = Chance.Hash(prompt);
        _dice = new Dice(Chance.Mix(hash ^ Chance.Mix((ulong)seed)));
        _columns = columns;
        Pixel = 1f / Math.Min(columns, rows);
        Width = columns * Pixel;
        Height = rows * Pixel;
        Palette = Palette.For(words, hash);
        Place = Palette.PlaceFor(words, hash >> 8);
        Waterline = Place switch
        {
            Place.Ocean => _dice.Between(0.54f, 0.6f) * Height,
            Place.City => _dice.Between(0.76f, 0.8f) * Height,
            Place.Mountains when words.Contains("lake") || words.Contains("river") || _dice.Next() < 0.6f =>
                _dice.Between(0.64f, 0.68f) * Height,
            Place.Mountains or Place.Hills or Place.Forest or Place.Desert or Place.Space => float.MaxValue,
        };
        float side = Place == Place.Space ? 0.1f : 0.25f, low = Place == Place.Ocean ? 0.11f : 0;
        Sun = new Vector2(_dice.Between(0.5f - side, 0.5f + side) * Width, (low + _dice.Between(0.2f, 0.34f)) * Height);
        SunRadius = Place == Place.Space ? 0 : _dice.Between(0.07f, 0.1f);
        Shift = _dice.Between(0, 200);
        AddLand();
        AddClouds();
        AddSubject(Palette.SubjectFor(words));
        CoverLand();
    }

    public float Pixel { get; }

    public float Width { get; }

    public float Height { get; }

    public Palette Palette { get; }

    public Place Place { get; }

    public Vector2 Sun { get; }

    public float SunRadius { get; }

    /// <summary>Where water begins; far below the picture when there is none.</summary>
    public float Waterline { get; }

    /// <summary>Moves every texture, so that no two seeds share one.</summary>
    public float Shift { get; }

    /// <summary>Behind the water, far to near.</summary>
    public List<Layer> Far { get; } = [];

    /// <summary>Before the water, far to near.</summary>
    public List<Layer> Near { get; } = [];

    public List<Layer> Clouds { get; } = [];

    private void AddLand()
    {
        var p = Palette;
        switch (Place)
        {
            case Place.Mountains:
                for (var i = 0; i < 3; i++)
                {
                    float from = _dice.Between(0, 99), foot = (0.62f + (0.03f * i)) * Height;
                    float high = 0.34f - (0.09f * i), wide = 1.5f + (0.7f * i);
                    AddRidge(Far, Matter.Rock, 0.1f + (0.25f * i), x => foot - (high * Outlines.Peaks((x * wide) + from)));
                }

                float bank = _dice.Between(0, 99), shore = Waterline < 1e6f ? 0.93f : 0.78f;
                AddRidge(Near, Matter.Trees, 0.85f, x =>
                    Outlines.Conifers(x, bank, 0.045f, 0.13f, (shore * Height) - (0.16f * Bowl(x)) + (0.04f * Chance.Noise(x * 3, bank))));
                AddRidge(Near, Matter.Trees, 1, x => Outlines.Conifers(x, bank + 7, 0.085f, 0.24f, ((shore + 0.1f) * Height) - (0.14f * Bowl(x))));
                break;
            case Place.Forest:
                for (var i = 0; i < 5; i++)
                {
                    float from = _dice.Between(0, 99), foot = (0.46f + (0.135f * i)) * Height;
                    float gap = 0.02f + (0.026f * i), tall = 0.06f + (0.085f * i);
                    AddRidge(i < 3 ? Far : Near, Matter.Trees, 0.2f * (i + 1), x =>
                        Outlines.Conifers(x, from, gap, tall, foot - (0.12f * (Chance.Noise((x * 2) + from, 0.5f) - 0.3f))));
                }

                break;
            case Place.City:
                for (var i = 0; i < 3; i++)
                {
                    float from = _dice.Between(0, 99), wide = 0.045f + (0.012f * i), high = 0.5f - (0.06f * i), foot = Waterline;
                    AddRidge(Far, Matter.Buildings, 0.2f + (0.35f * i), x => foot - (high * Outlines.Skyline(x, from, wide)));
                }

                break;
            case Place.Desert:
                for (var i = 0; i < 4; i++)
                {
                    float from = _dice.Next(), wide = 1.1f - (0.16f * i), high = 0.1f + (0.03f * i), foot = (0.6f + (0.13f * i)) * Height;
                    AddRidge(i < 2 ? Far : Near, Matter.Sand, 0.15f + (0.28f * i), x =>
                        foot - (high * Outlines.Dune((x * wide) + from + (0.06f * Chance.Noise(x * 2, from * 9)))));
                }

                break;
            case Place.Space:
                AddPlanet();
                for (var i = 0; i < 2; i++)
                {
                    float from = _dice.Between(0, 99), foot = (0.84f + (0.08f * i)) * Height;
                    AddRidge(Near, Matter.Rock, 0.6f + (0.4f * i), x => foot - (0.15f * Outlines.Peaks((x * (2.2f - i)) + from)));
                }

                break;
            case Place.Ocean:
                var island = _dice.Between(0, 99);
                AddRidge(Far, Matter.Rock, 0.2f, x =>
                    Waterline + 0.03f - (0.17f * Chance.Step(0.5f, 1, Chance.Cloud((x * 1.7f) + island, 0.5f, 4) * 1.3f)));
                break;
            case Place.Hills:
                for (var i = 0; i < 4; i++)
                {
                    float from = _dice.Between(0, 99), foot = (0.62f + (0.12f * i)) * Height, high = 0.16f - (0.02f * i);
                    AddRidge(i < 2 ? Far : Near, Matter.Grass, 0.2f + (0.26f * i), x =>
                        foot - (high * (Chance.Noise((x * (2.2f - (0.3f * i))) + from, 0.5f) - 0.2f)));
                }

                break;
        }

        float Bowl(float x) => MathF.Abs((2 * x / Width) - 1) * MathF.Abs((2 * x / Width) - 1);
    }

    private void AddPlanet()
    {
        float x = Sun.X, y = Sun.Y + 0.1f, r = _dice.Between(0.17f, 0.23f), tilt = _dice.Between(0.12f, 0.3f);
        Stroke[] Arc(float from) =>
            [.. Enumerable.Range(0, 20).Select(i => new Stroke(On(from + (i / 40f)), 0.009f, On(from + ((i + 1) / 40f)), 0.009f))];
        Vector2 On(float turn)
        {
            float u = 1.75f * r * Chance.Sin(turn + 0.25f), v = 0.42f * r * Chance.Sin(turn);
            return new Vector2(x + u + (v * tilt), y + v - (u * tilt));
        }

        Far.Add(new Figure(Matter.Detail, Palette.Accent, 0.3f, 0, Arc(0.5f)));
        Far.Add(new Figure(Matter.Thing, Palette.Far, 0.3f, 0, new Stroke(x, y, r)));
        Far.Add(new Figure(Matter.Detail, Palette.Accent, 0.3f, 0, Arc(0)));
        Far.Add(new Figure(Matter.Thing, Palette.Sun, 0.3f, 0, new Stroke(Width - x, 0.16f * Height, 0.05f)));
    }

    private void AddClouds()
    {
        for (var i = 0; i < (Palette.Night || Place == Place.Space ? 0 : 3); i++)
        {
            float x = ((i + _dice.Next()) / 3) * Width, y = _dice.Between(0.1f, 0.36f) * Height, s = _dice.Between(0.035f, 0.06f);
            Clouds.AddRange(Subjects.Cloud(new(x, y), s, Palette));
        }
    }

    private void AddRidge(List<Layer> to, Matter matter, float depth, Func<float, float> line)
    {
        var colour = depth < 0.5f
            ? Chance.Blend(Palette.Far, Palette.Middle, depth * 2)
            : Chance.Blend(Palette.Middle, Palette.Near, (depth * 2) - 1);
        to.Add(new Ridge(matter, colour, depth, _columns, Pixel, line));
    }

    private void AddSubject(Subject subject)
    {
        float side = Sun.X > Width / 2 ? 0.36f : 0.64f, x = (side + _dice.Between(-0.08f, 0.08f)) * Width;
        switch (subject)
        {
            case Subject.Cat:
                AddStanding(Subjects.Cat, Sun.X, 0.3f, Palette.Near * 0.6f);
                break;
            case Subject.Tree:
                AddStanding(Subjects.Tree, x, 0.34f, Palette.Accent);
                break;
            case Subject.Boat when Waterline < 1e6f:
                Far.AddRange(Subjects.Boat(new(x, Waterline + 0.035f), 0.34f, Palette));
                break;
            case Subject.Balloon:
                for (var i = 0; i < 3; i++)
                {
                    var at = new Vector2((0.26f + (0.25f * i)) * Width, _dice.Between(0.14f, 0.33f) * Height);
                    Near.AddRange(Subjects.Balloon(at, _dice.Between(0.6f, 1.2f), i, Palette));
                }

                break;
            case Subject.Birds:
                for (var i = 0; i < 7; i++)
                {
                    var wing = new Vector2(x + _dice.Between(-0.2f, 0.2f), (0.24f * Height) + _dice.Between(-0.1f, 0.12f));
                    Near.Add(Subjects.Bird(wing, _dice.Between(0.014f, 0.026f), Palette.Near));
                }

                break;
            case Subject.Flowers:
                for (var i = 0; i < 11; i++)
                {
                    float high = 0.2f + (0.3f * _dice.Next()), x0 = (0.06f + (0.88f * (((i * 7 % 11) + _dice.Next()) / 11))) * Width;
                    Near.AddRange(Subjects.Flower(new(x0, Height - high), 0.045f + (0.05f * _dice.Next()), Height, _dice, Palette));
                }

                break;
            case Subject.Boat or Subject.None:
                break;
        }
    }

    /// <summary>Puts a figure's feet on the nearest land; over water it gets a hill of its own.</summary>
    private void AddStanding(Func<Vector2, float, Vector3, Palette, IEnumerable<Layer>> figure, float x, float size, Vector3 colour)
    {
        var ground = Near.OfType<Ridge>().LastOrDefault(r => r.Matter != Matter.Trees);
        if (ground is null || ground.Line[(int)(x / Pixel)] > 0.9f * Height)
        {
            var foot = 0.84f * Height;
            AddRidge(Near, Matter.Grass, 1, at => foot + (0.5f * (at - x) * (at - x)) + (0.012f * Chance.Noise(at * 9, Shift)));
            ground = (Ridge)Near[^1];
        }

        Near.InsertRange(Near.IndexOf(ground), figure(new(x, ground.Line[(int)(x / Pixel)] + 0.015f), size, colour, Palette));
    }

    /// <summary>Spares the painters what nearer land hides anyway.</summary>
    private void CoverLand()
    {
        var cover = new float[_columns];
        Array.Fill(cover, float.MaxValue);
        foreach (var ridge in Far.Concat(Near).OfType<Ridge>().Reverse())
        {
            cover = ridge.CoverBy(cover);
        }
    }
}
