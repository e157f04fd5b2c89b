using System.Buffers;
using System.Security.Cryptography;

using PrintCraft.Core.Images;

namespace PrintCraft.Api.Uploads;

/// <summary>A file that came, under a temporary name that goes with this.</summary>
/// <param name="Format">By its first bytes; null when it is none that is taken.</param>
/// <param name="IsTooLarge">There was more than was to come; the rest was not read.</param>
internal sealed record ReceivedFile(string Path, long Bytes, string Sha256, PictureFormat? Format, bool IsTooLarge) : IDisposable
{
    /// <summary>Does nothing once the file has its key.</summary>
    public void Dispose() => File.Delete(Path);
}

/// <summary>Takes files in: streamed to the disk, counted and hashed on the way, never whole in memory. A crash leaves a temporary file, which is swept.</summary>
internal sealed class UploadIntake(ImageStore store)
{
    private const int BufferBytes = 64 * 1024;

    public async Task<ReceivedFile> ReceiveAsync(Stream body, long max, CancellationToken cancellationToken)
    {
        var path = store.NewTemporary();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var file = ImageStore.Create(path);
            var (bytes, format) = (0L, default(PictureFormat?));
            for (int read; (read = await body.ReadAtLeastAsync(buffer, PictureFormats.MagicLength, throwOnEndOfStream: false, cancellationToken)) > 0; bytes += read)
            {
                format = bytes == 0 ? PictureFormats.Of(buffer.AsSpan(0, read)) : format;
                if (bytes + read > max)
                {
                    return new ReceivedFile(path, bytes, "", format, IsTooLarge: true);
                }

                hash.AppendData(buffer, 0, read);
                await RandomAccess.WriteAsync(file, buffer.AsMemory(0, read), bytes, cancellationToken);
            }

            RandomAccess.FlushToDisk(file);
            return new ReceivedFile(path, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), format, IsTooLarge: false);
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

    /// <summary>A copy of what was put, which nobody replaces while it is looked at; null when nothing was.</summary>
    public async Task<ReceivedFile?> CopyAsync(string key, CancellationToken cancellationToken)
    {
        await using var file = store.Open(key);
        return file is null ? null : await ReceiveAsync(file, long.MaxValue, cancellationToken);
    }
}
