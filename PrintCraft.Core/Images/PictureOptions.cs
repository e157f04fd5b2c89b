using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Core.Images;

/// <summary>How much of a process the work on pictures may take. Section <c>Pictures</c>.</summary>
public sealed class PictureOptions
{
    public const string Section = "Pictures";

    /// <summary>Pictures that one process decodes at a time; the rest waits.</summary>
    [Range(1, 64)]
    public int Parallel { get; set; } = 1;

    /// <summary>Pixels; a larger picture is refused by its header, before anything of it is decoded.</summary>
    [Range(1, 200_000_000)]
    public long MaxPixels { get; set; } = 24_000_000;

    /// <summary>Pixels; the longer side of a kept upload.</summary>
    [Range(256, 8192)]
    public int MaxSide { get; set; } = 2048;
}
