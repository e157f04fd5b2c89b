using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

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
public sealed class ImageStore(IOptions<ImageStoreOptions> options)
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Value.Folder));

    /// <summary>Files that are not finished, in the same file system, so that renaming one is all or nothing.</summary>
    private string Incoming => Path.Combine(_root, "incoming");

    /// <summary>An image of a generation; its key is <see cref="PictureKeys.Image"/>.</summary>
    public StoredImage Save(Guid userId, Guid generationId, int index, byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = PictureKeys.Image(userId, generationId, index, sha256);
        Publish(Stage(content), key);
        Failpoint.Reach("W8");
        return new StoredImage(key, sha256, content.Length);
    }

    /// <summary>A clean picture made of an upload; its key is <see cref="PictureKeys.Upload"/>.</summary>
    public StoredImage SaveUpload(Guid userId, Guid uploadId, byte[] content)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        var key = PictureKeys.Upload(userId, uploadId, sha256);
        Publish(Stage(content), key);
        return new StoredImage(key, sha256, content.Length);
    }

    /// <summary>
    /// Writes it aside, flushed; answers where, for <see cref="Publish"/>. So a reader never sees half a picture. A crash before that leaves a file in that
    /// folder, where the sweeper looks.
    /// </summary>
    public string Stage(byte[] content)
    {
        var temporary = NewTemporary();
        try
        {
            Write(temporary, content);
            return temporary;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A path for a file that is not finished, swept when it stays so.</summary>
    public string NewTemporary() => Path.Combine(Incoming, $"{Guid.CreateVersion7():n}.tmp");

    /// <summary>Gives a finished file its key, in place of what had it before.</summary>
    public void Publish(string temporary, string key)
    {
        var path = PathOf(key) ?? throw new ArgumentException("This is no key.", nameof(key));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>The file of that key, or null if there is none or it is no key.</summary>
    public FileStream? Open(string key) => Find(key) is { } path
        ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65536, FileOptions.Asynchronous | FileOptions.SequentialScan)
        : null;

    /// <summary>Where the file of that key lies, or null if there is none or it is no key.</summary>
    public string? Find(string key) => PathOf(key) is { } path && File.Exists(path) ? path : null;

    /// <summary>Removes the file of that key and those that were made of it; nothing happens if there is none.</summary>
    public void Delete(string key)
    {
        foreach (var path in PictureKeys.Family(key).Select(PathOf).OfType<string>().Where(File.Exists))
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

    /// <summary>Removes every file, unfinished ones too; answers how many there were.</summary>
    public int DeleteAll()
    {
        var count = 0;
        foreach (var folder in new[] { "generations", "uploads", Incoming }.Select(folder => Path.Combine(_root, folder)).Where(Directory.Exists))
        {
            count += Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count();
            Directory.Delete(folder, recursive: true);
        }

        return count;
    }

    /// <summary>Null for what is no key: no other text leads into the file system.</summary>
    private string? PathOf(string key) => PictureKeys.IsKey(key) ? Path.Combine(_root, key) : null;

    /// <summary>Blocks its thread: the flush does so anyhow, and there is no other for files.</summary>
    private static void Write(string path, byte[] content)
    {
        using var file = Create(path);
        RandomAccess.Write(file, content, 0);
        Failpoint.Reach("W7");
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes the folder only when it is missing, which is once.</summary>
    public static SafeFileHandle Create(string path)
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
