using System.Buffers;
using System.Security.Cryptography;

using PrintCraft.Client;

namespace PrintCraft.Cli.Images;

/// <summary>
/// Fetches images and writes each as a whole or not at all: into a file beside the target, renamed once length and hash are those that the API told.
/// A program that dies in between leaves that file (.part) and nothing else.
/// </summary>
internal sealed class SaveImages(HttpClient http)
{
    /// <summary>The files, in the order of the images.</summary>
    public async Task<IReadOnlyList<string>> SaveAsync(Generation generation, ImageFile file, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        foreach (var image in generation.Images)
        {
            var path = file.Of(image.Index, generation.Options.Count);
            await SaveAsync(generation.Id, image, path, file.Force, cancellationToken);
            files.Add(path);
        }

        return files;
    }

    private async Task SaveAsync(Guid job, GeneratedImage image, string path, bool force, CancellationToken cancellationToken)
    {
        var part = ImageFile.PartOf(path);
        try
        {
            if (!await IsWholeAsync(image, part, cancellationToken))
            {
                throw new CommandFailedException(new Failure(
                    Exit.Failed, "damaged_image", $"Image {image.Index} did not arrive as it was made.", $"Fetch it again: printcraft jobs watch {job} --out {path}", Job: job));
            }

            File.Move(part, path, overwrite: force);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new CommandFailedException(
                new Failure(Exit.Failed, "file", $"{path} was not written: {exception.Message}", $"The image is safe. Fetch it again: printcraft jobs watch {job} --out picture.png", Job: job), exception);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private async Task<bool> IsWholeAsync(GeneratedImage image, string part, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(image.Url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var target = new FileStream(part, FileMode.CreateNew, FileAccess.Write);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = MemoryPool<byte>.Shared.Rent(81920);
        var length = 0L;
        for (int read; length <= image.Bytes && (read = await source.ReadAsync(buffer.Memory, cancellationToken)) > 0; length += read)
        {
            hash.AppendData(buffer.Memory.Span[..read]);
            await target.WriteAsync(buffer.Memory[..read], cancellationToken);
        }

        return length == image.Bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == image.Sha256;
    }
}
