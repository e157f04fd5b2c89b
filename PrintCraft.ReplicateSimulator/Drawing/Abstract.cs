using System.Numerics;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>No style asked: sheets of silk in the prompt's colours, folded by noise and lit from one side.</summary>
internal sealed class Abstract(Scene scene) : Painter(scene)
{
    private readonly Vector3[] _colours =
    [
        scene.Palette.Near, scene.Palette.Middle, scene.Palette.Accent, scene.Palette.Far,
        scene.Palette.SkyLow, scene.Palette.Sun, scene.Palette.SkyTop,
    ];

    public override void Paint(float y, Span<Vector3> row, Work work)
    {
        for (var i = 0; i < row.Length; i++)
        {
            float x = (i + 0.5f) * Scene.Pixel;
            float here = Fold(x, y), slope = (here - Fold(x + 0.004f, y + 0.003f)) * 60;
            float band = here * 9, edge = band - MathF.Floor(band);
            var at = (int)MathF.Floor(band);
            Vector3 colour = _colours[at % 7], next = _colours[(at + 1) % 7];
            colour = Chance.Blend(colour, next, Chance.Step(0.97f, 1, edge)) * (1 - (0.28f * Chance.Step(0.75f, 1, edge)));
            row[i] = (colour * (1 + (0.3f * slope))) + new Vector3(0.1f * Chance.Step(0.25f, 1, slope));
        }
    }

    private float Fold(float x, float y)
    {
        float s = Scene.Shift, tilt = (0.25f * y / Scene.Height) - (0.15f * x / Scene.Width);
        float a = Chance.Cloud((x * 1.1f) + s, (y * 1.1f) + 3, 2), b = Chance.Cloud((x * 1.3f) + 40 + s, (y * 1.3f) + 11, 2);
        return 0.6f + tilt + Chance.Cloud((x * 0.8f) + (1.9f * a) + s, (y * 0.8f) + (1.9f * b), 2);
    }
}
