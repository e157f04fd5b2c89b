using System.Globalization;
using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

internal enum Place { Hills, Mountains, Forest, Ocean, City, Desert, Space }

internal enum Subject { None, Flowers, Cat, Boat, Balloon, Birds, Tree }

/// <summary>Seven colours that go together, from far to near, and the words of a prompt that call for them.</summary>
internal sealed record Palette(
    Vector3 SkyTop, Vector3 SkyLow, Vector3 Sun, Vector3 Far, Vector3 Middle, Vector3 Near, Vector3 Accent, bool Night)
{
    private static readonly (string Words, Palette Colours)[] Moods =
    [
        ("space galaxy planet cosmic astronaut rocket alien nebula", Of("0B0B26 4A2472 FFE0B5 B4577A 6A3FA0 160D30 4CC9F0", night: true)),
        ("night midnight dark star moon moonlight", Of("0A1238 3E6296 F6EFD6 36507F 22355F 0C142C F2C14E", night: true)),
        ("sunset dusk evening golden warm fire", Of("45307A F9A66C FFE9AE 9A5C8E 5F3A70 261A3C FF6F61")),
        ("sunrise dawn morning pastel soft dream", Of("86B9DE FBD6C2 FFF3D6 B8A8CC 7F86AE 3C496C F2857B")),
        ("city street skyline building neon urban cyberpunk", Of("222C63 F4966E FFDC90 6A5C9A 40407A 17173A FFC857")),
        ("winter snow ice christmas polar wolf", Of("8FB6D8 EEF4F8 FFFCEE BDD0E2 8098BA 344E70 D1495B")),
        ("autumn fall fox pumpkin coffee harvest", Of("8DB8BE FBE4C4 FFF2CC DFA45A BE5A2C 5E2619 8C1C13")),
        ("desert dune sand cactus camel lion egypt", Of("62AEB8 FBDDA6 FFF4CC E5AC74 C2703E 703422 D8572A")),
        ("ocean sea beach wave water lake river fish whale dolphin boat ship sail", Of("2383BC C2E9EE FFF6D0 6CB2CC 2F7F9F 0D3B55 FF8C61")),
        ("forest tree wood jungle bear deer owl leaf green", Of("9FC7B6 EDF3DA FFF8D6 93B8A0 4F8566 16382C E9A03B")),
        ("mountain peak alps hill climb adventure", Of("4B92C6 D4E9F2 FFF6DC 93B5CE 507F92 1D3B3A E4572E")),
        ("flower garden rose bloom spring meadow field butterfly", Of("7CC4EA EAF6DA FFF7C2 ABD192 6DA75D 2C683B F2668B")),
    ];

    public static Palette For(IReadOnlySet<string> words, ulong hash)
    {
        foreach (var (calls, colours) in Moods)
        {
            if (calls.Split(' ').Any(words.Contains))
            {
                return colours;
            }
        }

        return Moods[(int)(hash % (ulong)Moods.Length)].Colours;
    }

    public static Place PlaceFor(IReadOnlySet<string> words, ulong hash) =>
        Any(words, "space galaxy planet cosmic astronaut rocket alien nebula") ? Place.Space
        : Any(words, "ocean sea beach wave boat ship sail fish whale dolphin") ? Place.Ocean
        : Any(words, "city street skyline building neon urban cyberpunk") ? Place.City
        : Any(words, "desert dune sand cactus camel egypt") ? Place.Desert
        : Any(words, "forest tree wood jungle bear deer owl") ? Place.Forest
        : Any(words, "mountain peak alps lake river climb snow wolf") ? Place.Mountains
        : Any(words, "flower garden rose bloom meadow field hill butterfly") ? Place.Hills
        : (Place)(hash % 4);

    public static Subject SubjectFor(IReadOnlySet<string> words) =>
        Any(words, "cat kitten dog puppy fox wolf animal pet tiger lion") ? Subject.Cat
        : Any(words, "flower rose bloom garden tulip daisy butterfly spring") ? Subject.Flowers
        : Any(words, "boat ship sail ocean sea") ? Subject.Boat
        : Any(words, "balloon adventure travel dream") ? Subject.Balloon
        : Any(words, "bird birds eagle owl freedom sky sunset") ? Subject.Birds
        : Any(words, "tree oak autumn hill field") ? Subject.Tree
        : Subject.None;

    private static bool Any(IReadOnlySet<string> words, string calls) => calls.Split(' ').Any(words.Contains);

    private static Palette Of(string colours, bool night = false)
    {
        var c = colours.Split(' ').Select(Colour).ToArray();
        return new(c[0], c[1], c[2], c[3], c[4], c[5], c[6], night);
    }

    private static Vector3 Colour(string hex)
    {
        var rgb = int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Vector3(rgb >> 16, (rgb >> 8) & 255, rgb & 255) / 255f;
    }
}
