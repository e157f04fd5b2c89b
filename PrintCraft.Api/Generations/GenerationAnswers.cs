using System.Buffers;
using System.Text.Json;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Paging;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>
/// Answers of reads, as JSON. Which generations are on a page and in which order the database says each time; what each of them looks like, the cache where
/// it has ended. So a page is never older than its request, and costs one small statement when all of it has been read before.
/// </summary>
public sealed class GenerationAnswers(
    GenerationReads reads, GenerationBodies bodies, GenerationResources resources, GenerationTags tags, Backlog backlog, IOptions<JsonOptions> json)
{
    /// <summary>Room for one, about.</summary>
    private const int BodyLength = 2048;

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    internal async Task<PreparedJson<GenerationResource>?> OneAsync(Guid owner, Guid id, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await reads.FindAsync(owner, id, cancellationToken) is not { } row)
        {
            return null;
        }

        if (row.Generation.Status == GenerationStatus.Pending)
        {
            await backlog.LookAsync(cancellationToken);
        }

        request.HttpContext.Response.Headers.ETag = tags.Of(row.Generation, backlog.PositionOf(row.Generation));
        var shown = Show(row, request);
        return new PreparedJson<GenerationResource>(shown.Json);
    }

    /// <summary>Those of them that there still are.</summary>
    internal async Task<IReadOnlyDictionary<Guid, ShownGeneration>> ShowAsync(Guid owner, IReadOnlyList<Guid> ids, HttpRequest request, CancellationToken cancellationToken)
    {
        var rows = await reads.FindAsync(owner, ids, cancellationToken);
        if (rows.Any(row => row.Generation.Status == GenerationStatus.Pending))
        {
            await backlog.LookAsync(cancellationToken);
        }

        return rows.ToDictionary(row => row.Generation.Id, row => Show(row, request));
    }

    internal PreparedJson<Feed<GenerationResource>> Page(HttpResponse response, IReadOnlyList<ShownGeneration> shown, FeedPagination pagination)
    {
        var page = new ArrayBufferWriter<byte>(BodyLength * (shown.Count + 1));
        page.Write("{\"data\":["u8);
        for (var place = 0; place < shown.Count; place++)
        {
            page.Write(place > 0 ? ","u8 : default);
            page.Write(shown[place].Json);
        }

        page.Write("],\"pagination\":"u8);
        page.Write(JsonSerializer.SerializeToUtf8Bytes(pagination, json.Value.SerializerOptions));
        page.Write("}"u8);
        response.Headers.ETag = tags.Of([.. shown.Select(one => one.Generation)], backlog.PositionOf, pagination.HasMore);
        return new PreparedJson<Feed<GenerationResource>>(page.WrittenMemory);
    }

    private ShownGeneration Show(ReadRow row, HttpRequest request) => row.Generation.Status.IsFinal()
        ? bodies.Of(row, request, resources)
        : bodies.Write(row.Generation, resources.From(row.Generation, backlog.PositionOf(row.Generation)));
}
