using Microsoft.AspNetCore.Mvc;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Events;

/// <summary>The events of one job, from the first or after the one that the client has, to the final one.</summary>
internal static class StreamGenerationEvents
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        [FromHeader(Name = LastEventId.Header)] string? lastEventId,
        string? after,
        HttpContext http,
        CurrentUser user,
        EventFeed feed,
        EventRows rows,
        EventStream stream,
        StreamPlaces places,
        Limiter limits,
        CancellationToken cancellationToken)
    {
        if (!LastEventId.TryRead(lastEventId, after, out var last))
        {
            return LastEventId.Refusal(lastEventId);
        }

        using var place = await places.TryEnterAsync(user.Id, cancellationToken);
        if (place is null)
        {
            limits.RefuseStreams();
            return Answer.Refusal(ProblemCode.RateLimited, "You have as many event streams open as are allowed.");
        }

        // Listens before it reads: what is written between is told of, or is in the page.
        using var listener = feed.Listen(user.Id);
        var query = new EventQuery(user.Id, id);
        var opened = await rows.OpenAsync(query, last ?? 0, cancellationToken);
        if (opened is not var (isFinal, page))
        {
            return Answer.Refusal(ProblemCode.NotFound, "There is no such generation.");
        }

        if (isFinal && page.Count == 0)
        {
            // Tells a browser that nothing more will come.
            return TypedResults.NoContent();
        }

        await stream.RunAsync(http, listener.Bell, query, last ?? 0, page, cancellationToken);
        return TypedResults.Empty;
    }
}
