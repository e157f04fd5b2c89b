using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Worker.Images;

/// <summary>Section <c>Thumbnails</c>: whether and how often they are made.</summary>
public sealed class ThumbnailOptions
{
    public const string Section = "Thumbnails";

    /// <summary>Off, images have no thumbnails; switched on again, they are made later.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often those are begun that can be decoded at no time, or whose worker died over them.</summary>
    [Range(1, 10)]
    public int MaxTries { get; set; } = 3;

    /// <summary>How often images are looked for that still have none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SearchInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the worker that stored an image has for its thumbnail before others look.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SearchAge { get; set; } = TimeSpan.FromSeconds(30);
}
