using Microsoft.AspNetCore.Mvc;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Events;

/// <summary>The events of all jobs of the caller: from now on, or after the one that the client has.</summary>
internal static class StreamUserEvents
{
    public static async Task<IResult> HandleAsync(
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

        using var listener = feed.Listen(user.Id);
        var from = last ?? await rows.NewestAsync(user.Id, cancellationToken);
        var query = new EventQuery(user.Id);
        await stream.RunAsync(http, listener.Bell, query, from, await rows.ReadAsync(query, from, cancellationToken), cancellationToken);
        return TypedResults.Empty;
    }
}
