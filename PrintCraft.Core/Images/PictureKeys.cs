using System.Text.RegularExpressions;

namespace PrintCraft.Core.Images;

/// <summary>Keys in the image store. They are generated, never user text; what does not look like one leads nowhere.</summary>
public static partial class PictureKeys
{
    private const string Png = ".png";

    /// <summary>generations/{user}/{generation}/{index}-{hash}.png</summary>
    public static string Image(Guid userId, Guid generationId, int index, string sha256) => $"generations/{userId}/{generationId}/{index}-{sha256[..16]}{Png}";

    /// <summary>Beside the image: generations/{user}/{generation}/{index}-{hash}-thumb.webp</summary>
    public static string Thumbnail(string imageKey) => $"{imageKey[..^Png.Length]}-thumb.webp";

    /// <summary>Beside the image: generations/{user}/{generation}/{index}-{hash}-preview.jpg</summary>
    public static string Preview(string imageKey) => $"{imageKey[..^Png.Length]}-preview.jpg";

    /// <summary>uploads/{user}/{upload}-{hash}.webp: a clean picture.</summary>
    public static string Upload(Guid userId, Guid uploadId, string sha256) => $"uploads/{userId}/{uploadId}-{sha256[..16]}.webp";

    /// <summary>uploads/{user}/{upload}.file: as it came. Nobody is ever shown it.</summary>
    public static string UploadedFile(Guid userId, Guid uploadId) => $"uploads/{userId}/{uploadId}.file";

    /// <summary>All files that belong to this one.</summary>
    public static IEnumerable<string> Family(string key) => key.EndsWith(Png, StringComparison.Ordinal) ? [key, Thumbnail(key), Preview(key)] : [key];

    /// <summary>What may be shown under a signed address, by what its name says; null for everything else.</summary>
    public static string? ContentType(string key) => Shown().Match(key) is { Success: true } match
        ? match.Groups["type"].Value switch { "png" => "image/png", "jpg" => "image/jpeg", _ => "image/webp" }
        : null;

    public static bool IsKey(string key) => Shown().IsMatch(key) || Uploaded().IsMatch(key);

    [GeneratedRegex(@"\A(generations/[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9]+-[0-9a-f]{16}(\.(?<type>png)|-thumb\.(?<type>webp)|-preview\.(?<type>jpg))|uploads/[0-9a-f-]{36}/[0-9a-f-]{36}-[0-9a-f]{16}\.(?<type>webp))\z")]
    private static partial Regex Shown();

    [GeneratedRegex(@"\Auploads/[0-9a-f-]{36}/[0-9a-f-]{36}\.file\z")]
    private static partial Regex Uploaded();
}
