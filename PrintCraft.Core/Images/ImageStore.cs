using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Faults;

namespace PrintCraft.Core.Images;

/// <summary>Where images lie. Section <c>Images</c>.</summary>
public sealed class ImageStoreOptions
{
    public const string Section = "Images";

    /// <summary>Folder of the local store, shared by every API and worker process.</summary>
    [Required(ErrorMessage = "Images:Folder is missing: set it to a folder that every API and worker process shares.")]
    public string Folder { get; set; } = "";
}

/// <summary>A file in the store.</summary>
public sealed record StoredImage(string Key, string Sha256, long Bytes);

/// <summary>
/// Images in a local folder. Keys are generated, never user text, and end in the hash of the content: saving the same picture again is
/// the same file, so a crash after the save costs nothing but a second download.
/// </summary>
public sealed class ImageStore(IOptions<ImageStoreOptions> options)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder));

    /// <summary>generations/{user}/{generation}/{index}-{hash}.png</summary>
    public async Task<StoredImage> SaveAsync(Guid userId, Guid generationId, int index, byte[] content, CancellationToken cancellationToken)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = $"generations/{userId}/{generationId}/{index}-{sha256[..16]}.png";
        var path = Path.Combine(_root, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Written aside and renamed: a reader never sees half a picture. A crash here leaves a *.tmp file, which nobody reads.
        var temporary = $"{path}.{Guid.CreateVersion7():n}.tmp";
        try
        {
            await WriteAsync(temporary, content, cancellationToken);
            File.Move(temporary, path, overwrite: true);
            Failpoint.Reach("W8");
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

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

    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 4096, FileOptions.Asynchronous);
        await file.WriteAsync(content, cancellationToken);
        Failpoint.Reach("W7");
        file.Flush(flushToDisk: true);
    }
}
