using System.Buffers;
using System.Security.Cryptography;

using PrintCraft.Core.Images;

namespace PrintCraft.Api.Uploads;

/// <summary>A file that came, under a temporary name that goes with this.</summary>
/// <param name="Format">By its first bytes; null when it is none that is taken.</param>
/// <param name="Flaw">Why the rest of it was not read.</param>
internal sealed record ReceivedFile(string Path, long Bytes, string Sha256, PictureFormat? Format, FileFlaw Flaw = FileFlaw.None) : IDisposable
{
    /// <summary>Does nothing once the file has its key.</summary>
    public void Dispose() => File.Delete(Path);
}

/// <summary>What can be wrong with a file while it comes.</summary>
internal enum FileFlaw
{
    None,

    /// <summary>There was more than was to come.</summary>
    TooLarge,

    /// <summary>The form ends in the middle of it.</summary>
    Cut,
}

/// <summary>Takes files in: streamed to the disk, counted and hashed on the way, never whole in memory. A crash leaves a temporary file, which is swept.</summary>
internal sealed class UploadIntake(ImageStore store)
{
    private const int BufferBytes = 64 * 1024;

    private const int Broken = -1;

    public async Task<ReceivedFile> ReceiveAsync(Stream body, long max, CancellationToken cancellationToken)
    {
        var path = store.NewTemporary();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = ImageStore.Create(path);
            var (bytes, format) = (0L, default(PictureFormat?));
            for (int read; (read = await ReadAsync(body, buffer, cancellationToken)) != 0; bytes += read)
            {
                if (read == Broken)
                {
                    return new ReceivedFile(path, bytes, "", format, FileFlaw.Cut);
                }

                format = bytes == 0 ? PictureFormats.Of(buffer.AsSpan(0, read)) : format;
                if (bytes + read > max)
                {
                    return new ReceivedFile(path, bytes, "", format, FileFlaw.TooLarge);
                }

                hash.AppendData(buffer, 0, read);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), bytes, cancellationToken);
            }

            RandomAccess.FlushToDisk(file);
            return new ReceivedFile(path, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), format);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Only what comes from a caller may be broken: a disk that fails, ours, is an error of ours.</summary>
    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAtLeastAsync(buffer, PictureFormats.MagicLength, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && body is not FileStream && !cancellationToken.IsCancellationRequested)
        {
            return Broken;
        }
    }

    /// <summary>A copy of what was put, which nobody replaces while it is looked at; null when nothing was.</summary>
    public async Task<ReceivedFile?> CopyAsync(string key, CancellationToken cancellationToken)
    {
        await using var file = store.Open(key);
        return file is null ? null : await ReceiveAsync(file, long.MaxValue, cancellationToken);
    }
}
