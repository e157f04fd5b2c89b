using System.Buffers.Binary;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Http;
using PrintCraft.Api.Images;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>
/// The versions of generations that are shown. The signatures of image addresses are not part of it, but half their lifetime is: who is told that
/// nothing changed has addresses that work for the other half at least.
/// </summary>
public sealed class GenerationTags(IOptions<ImageUrlOptions> options, ImageUrls urls)
{
    private const int Members = 12;

    /// <param name="queuePosition">As it is shown.</param>
    public string Of(Generation generation, int? queuePosition)
    {
        Span<long> version = stackalloc long[Members];
        Write(generation, queuePosition, version);
        return ETags.Of(version);
    }

    /// <summary>Of a page.</summary>
    public string Of(IReadOnlyList<Generation> generations, Func<Generation, int?> queuePositionOf, bool hasMore)
    {
        var version = new long[(generations.Count * Members) + 1];
        for (var index = 0; index < generations.Count; index++)
        {
            Write(generations[index], queuePositionOf(generations[index]), version.AsSpan(index * Members, Members));
        }

        version[^1] = hasMore ? 1 : 0;
        return ETags.Of(version);
    }

    private void Write(Generation generation, int? queuePosition, Span<long> version)
    {
        Span<byte> id = stackalloc byte[16];
        generation.Id.TryWriteBytes(id);
        var (images, thumbnails, attempts) = (0, 0, 0);
        foreach (var image in generation.Images)
        {
            images += image.Status == ImageStatus.Succeeded ? 1 : 0;
            thumbnails += image.ThumbnailsAt is null ? 0 : 1;
            attempts = Math.Max(attempts, image.Attempt);
        }

        version[0] = BinaryPrimitives.ReadInt64LittleEndian(id);
        version[1] = BinaryPrimitives.ReadInt64LittleEndian(id[8..]);
        version[2] = (long)generation.Status;
        version[3] = generation.Progress;
        version[4] = images | (thumbnails << 8);
        version[5] = attempts;
        version[6] = queuePosition ?? 0;
        version[7] = generation.Charged;
        version[8] = generation.Refunded;
        version[9] = generation.StartedAt?.UtcTicks ?? 0;
        version[10] = generation.CompletedAt?.UtcTicks ?? 0;
        version[11] = images == 0 ? 0 : urls.Expiry().UtcTicks / (options.Value.UrlLifetime / 2).Ticks;
    }
}
