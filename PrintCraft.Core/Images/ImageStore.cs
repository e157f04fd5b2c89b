using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

using Microsoft.Extensions.Options;

namespace PrintCraft.Core.Images;

/// <summary>Where images lie and how their addresses are signed. Section <c>Images</c>.</summary>
public sealed class ImageOptions
{
    public const string Section = "Images";

    /// <summary>Folder of the local store, shared by every API and worker process.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Key of the signatures in image addresses, at least 16 characters, the same for every API process.</summary>
    [Required, MinLength(16)]
    public string SigningKey { get; set; } = "";

    /// <summary>How long a signed address works; at most 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00")]
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>A file in the store.</summary>
public sealed record StoredImage(string Key, string Sha256, long Bytes);

/// <summary>
/// Images in a local folder. Keys are generated, never user text, and end in the hash of the content: saving the same picture again is
/// the same file, so a crash after the save costs nothing but a second download.
/// </summary>
public sealed class ImageStore(IOptions<ImageOptions> options)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder));

    /// <summary>generations/{user}/{generation}/{index}-{hash}.png</summary>
    public async Task<StoredImage> SaveAsync(Guid userId, Guid generationId, int index, byte[] content, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = $"generations/{userId}/{generationId}/{index}-{sha256[..16]}.png";
        var path = Path.Combine(_root, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Written aside and renamed: a reader never sees half a picture. What a crash leaves as *.tmp is swept by age.
        var temporary = $"{path}.{Guid.CreateVersion7():n}.tmp";
        await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous))
        {
            await file.WriteAsync(content, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        return new StoredImage(key, sha256, content.Length);
    }

    /// <summary>The file of that key, or null if there is none or the key does not lead into the store.</summary>
    public FileStream? Open(string key)
    {
        var path = Path.GetFullPath(Path.Combine(_root, key));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65536, FileOptions.Asynchronous | FileOptions.SequentialScan)
            : null;
    }
}
