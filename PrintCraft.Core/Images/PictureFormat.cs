namespace PrintCraft.Core.Images;

/// <summary>Formats that are taken from others.</summary>
public enum PictureFormat
{
    Png,
    Jpeg,
    Webp,
}

/// <summary>Tells formats by their first bytes, whatever a name or a header says.</summary>
public static class PictureFormats
{
    /// <summary>As many first bytes as <see cref="Of"/> looks at.</summary>
    public const int MagicLength = 12;

    public const string Rule = "image/png, image/jpeg or image/webp";

    private static ReadOnlySpan<byte> PngMagic => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Null for everything else.</summary>
    public static PictureFormat? Of(ReadOnlySpan<byte> start) =>
        start.StartsWith(PngMagic) ? PictureFormat.Png
        : start.StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]) ? PictureFormat.Jpeg
        : start.Length >= MagicLength && start.StartsWith("RIFF"u8) && start[8..].StartsWith("WEBP"u8) ? PictureFormat.Webp
        : null;

    /// <summary>Null for every other type; parameters are ignored.</summary>
    public static PictureFormat? Named(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "image/png" => PictureFormat.Png,
        "image/jpeg" => PictureFormat.Jpeg,
        "image/webp" => PictureFormat.Webp,
        _ => null,
    };

    public static string ContentType(this PictureFormat format) => format switch
    {
        PictureFormat.Png => "image/png",
        PictureFormat.Jpeg => "image/jpeg",
        PictureFormat.Webp => "image/webp",
    };
}
