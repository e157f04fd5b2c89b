using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Http;

/// <summary>
/// Names the version of what is shown (RFC 9110, 8.8.3), so that whoever has it is told so instead of sent it, and nobody overwrites what they have not
/// seen. Weak, because image addresses are signed anew for every answer and bodies may be compressed.
/// </summary>
internal static class ETags
{
    /// <summary>Twelve bytes of a hash name a version well enough, and do not tell what is in it.</summary>
    private const int Length = 12;

    /// <param name="version">All that a reader could see change.</param>
    public static string Of(params ReadOnlySpan<long> version)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(version), hash);
        return $"W/\"{Base64Url.EncodeToString(hash[..Length])}\"";
    }

    /// <summary>A filter for reads whose handler named the version in <c>ETag</c>: who has it already gets 304 without it.</summary>
    public static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var answer = await next(context);
        return context.HttpContext.Response.Headers.ETag is [{ } tag] && IsKnownToCaller(context.HttpContext, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : answer;
    }

    /// <summary>Writes the tag, and says whether the caller already has that version.</summary>
    public static bool IsKnownToCaller(HttpContext http, string tag)
    {
        http.Response.Headers.ETag = tag;
        // To be kept by the caller alone, and asked for each time.
        http.Response.Headers.CacheControl = "private, no-cache";
        return http.Request.Headers.IfNoneMatch is { Count: > 0 } known && Names(known, tag);
    }

    /// <summary>
    /// 412 when the caller sent <c>If-Match</c> and means another version; null when the change may go on. A weak tag counts, other than the RFC has
    /// it: ours name the version of a row, and proxies that compress make every tag weak.
    /// </summary>
    public static ProblemHttpResult? Refusal(HttpRequest request, string tag) =>
        request.Headers.IfMatch is { Count: > 0 } wanted && !Names(wanted, tag)
            ? Problem.Because(
                ProblemCode.PreconditionFailed, "It was changed since you read it.", [new FieldError(HeaderNames.IfMatch, "is not the version that it has now: read it again")])
            : null;

    private static bool Names(StringValues header, string tag) =>
        EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags)
        && tags.Any(named => named == EntityTagHeaderValue.Any || named.Tag.AsSpan().SequenceEqual(tag.AsSpan(tag.IndexOf('"', StringComparison.Ordinal))));
}
