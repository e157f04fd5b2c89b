using System.Buffers.Binary;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Http;
using PrintCraft.Api.Images;
using PrintCraft.Api.Paging;

namespace PrintCraft.Api.Generations;

/// <summary>
/// The versions of generations that are shown. The signatures of image addresses are not part of it, but half their lifetime is: who is told that
/// nothing changed has addresses that work for the other half at least.
/// </summary>
internal sealed class GenerationTags(IOptions<ImageUrlOptions> urls)
{
    private const int Members = 12;

    public string Of(GenerationResource generation)
    {
        Span<long> version = stackalloc long[Members];
        Write(generation, version);
        return ETags.Of(version);
    }

    public string Of(Feed<GenerationResource> feed)
    {
        var version = new long[(feed.Data.Count * Members) + 1];
        for (var index = 0; index < feed.Data.Count; index++)
        {
            Write(feed.Data[index], version.AsSpan(index * Members, Members));
        }

        version[^1] = feed.Pagination.HasMore ? 1 : 0;
        return ETags.Of(version);
    }

    private void Write(GenerationResource generation, Span<long> version)
    {
        Span<byte> id = stackalloc byte[16];
        generation.Id.TryWriteBytes(id);
        version[0] = BinaryPrimitives.ReadInt64LittleEndian(id);
        version[1] = BinaryPrimitives.ReadInt64LittleEndian(id[8..]);
        version[2] = (long)generation.Status;
        version[3] = generation.Progress;
        version[4] = generation.Images.Count;
        version[5] = generation.Attempts;
        version[6] = generation.QueuePosition ?? 0;
        version[7] = generation.Credits.Charged;
        version[8] = generation.Credits.Refunded;
        version[9] = generation.StartedAt?.UtcTicks ?? 0;
        version[10] = generation.CompletedAt?.UtcTicks ?? 0;
        version[11] = (generation.ExpiresAt?.UtcTicks ?? 0) / (urls.Value.UrlLifetime / 2).Ticks;
    }

    /// <summary>Answers a read of one generation with its version, or with nothing when the caller has it.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        return (answer is INestedHttpResult nested ? nested.Result : answer) is IValueHttpResult<GenerationResource> { Value: { } generation }
            && ETags.IsKnownToCaller(context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<GenerationTags>().Of(generation))
            ? NotModified.Answer
            : answer;
    }
}
