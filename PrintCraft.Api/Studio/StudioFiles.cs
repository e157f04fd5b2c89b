using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.WebUtilities;

namespace PrintCraft.Api.Studio;

/// <summary>
/// The page's files, which lie in the assembly: nothing is looked up on a disk. Modules name each other by relative addresses, so with the version
/// of all of them in the path a browser keeps every file for good, and never mixes two versions.
/// </summary>
internal static class StudioFiles
{
    private const string Prefix = "PrintCraft.Api.Studio.page/";
    private const string Start = "index.html";
    private const string VersionMark = "{version}";
    private const string ModulesMark = "<!-- modules -->";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    };

    private static readonly Dictionary<string, byte[]> Files = Read();

    /// <summary>Changes with any of the files.</summary>
    public static string Version { get; } = HashOf([.. Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value)]);

    /// <summary>The page itself; it has the browser fetch all modules at once instead of one import after the other.</summary>
    public static string Html { get; } = Encoding.UTF8.GetString(Files[Start])
        .Replace(ModulesMark, string.Concat(Files.Keys.Where(IsModule).Order(StringComparer.Ordinal).Select(file => $"""<link rel="modulepreload" href="/studio/{VersionMark}/{file}">""")), StringComparison.Ordinal)
        .Replace(VersionMark, Version, StringComparison.Ordinal);

    public static string HtmlTag { get; } = $"\"{HashOf(Encoding.UTF8.GetBytes(Html))}\"";

    /// <summary>A file beside the page; null when there is none of that name.</summary>
    public static (byte[] Bytes, string Type)? Find(string name) =>
        name != Start && Files.TryGetValue(name, out var bytes) ? (bytes, Types[Path.GetExtension(name)]) : null;

    private static bool IsModule(string name) => name.EndsWith(".js", StringComparison.Ordinal);

    private static string HashOf(byte[] bytes) => WebEncoders.Base64UrlEncode(SHA256.HashData(bytes).AsSpan(0, 9));

    private static Dictionary<string, byte[]> Read()
    {
        var assembly = typeof(StudioFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(name => name[Prefix.Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }
}
