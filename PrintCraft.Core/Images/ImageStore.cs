using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

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
public sealed partial class ImageStore(IOptions<ImageStoreOptions> options)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder));

    /// <summary>Files that are not finished, in the same file system, so that renaming one is all or nothing.</summary>
    private string Incoming => Path.Combine(_root, "incoming");

    /// <summary>generations/{user}/{generation}/{index}-{hash}.png</summary>
    public StoredImage Save(Guid userId, Guid generationId, int index, byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = $"generations/{userId}/{generationId}/{index}-{sha256[..16]}.png";
        var path = Path.Combine(_root, key);

        // Written aside and renamed: a reader never sees half a picture. A crash here leaves a file in that folder, where the sweeper looks.
        var temporary = Path.Combine(Incoming, $"{Guid.CreateVersion7():n}.tmp");
        try
        {
            Write(temporary, content);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
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

    /// <summary>The file of that key, or null if there is none or it is no key.</summary>
    public FileStream? Open(string key) => PathOf(key) is { } path && File.Exists(path)
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65536, FileOptions.Asynchronous | FileOptions.SequentialScan)
        : null;

    /// <summary>Removes the file of that key; nothing happens if there is none.</summary>
    public void Delete(string key)
    {
        if (PathOf(key) is { } path && File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Removes files that were never finished and not touched since then; answers how many.</summary>
    public int DeleteTemporary(DateTimeOffset before)
    {
        var count = 0;
        if (Directory.Exists(Incoming))
        {
            foreach (var file in new DirectoryInfo(Incoming).EnumerateFiles("*.tmp").Where(file => file.LastWriteTimeUtc < before.UtcDateTime))
            {
                file.Delete();
                count++;
            }
        }

        return count;
    }

    /// <summary>Removes every file; answers how many images there were.</summary>
    public int DeleteAll()
    {
        var images = Path.Combine(_root, "generations");
        var count = Directory.Exists(images) ? Directory.EnumerateFiles(images, "*", SearchOption.AllDirectories).Count() : 0;
        foreach (var folder in new[] { images, Incoming }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        return count;
    }

    /// <summary>Null for what <see cref="Save"/> never answers: no other text leads into the file system.</summary>
    private string? PathOf(string key) => Key().IsMatch(key) ? Path.Combine(_root, key) : null;

    [GeneratedRegex(@"\Agenerations/[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9]+-[0-9a-f]{16}\.png\z")]
    private static partial Regex Key();

    /// <summary>Blocks its thread: the flush does so anyhow, and there is no other for files.</summary>
    private static void Write(string path, byte[] content)
    {
        using var file = Create(path);
        RandomAccess.Write(file, content, 0);
        Failpoint.Reach("W7");
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes the folder only when it is missing, which is once.</summary>
    private static SafeFileHandle Create(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        }
    }
}
