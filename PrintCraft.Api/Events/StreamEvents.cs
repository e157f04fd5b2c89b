using Microsoft.AspNetCore.Mvc;

namespace PrintCraft.Api.Events;

/// <summary>The events of one job, from the first to the final one, or of all jobs of the caller, from now on; or after the one that the client has.</summary>
internal static class StreamEvents
{
    public static Task<IResult> OfGenerationAsync(
        Guid id, [FromHeader(Name = LastEventId.Header)] string? lastEventId, string? after, HttpContext http, EventStream stream, CancellationToken cancellationToken) =>
        stream.AnswerAsync(http, id, lastEventId, after, cancellationToken);

    public static Task<IResult> OfUserAsync(
        [FromHeader(Name = LastEventId.Header)] string? lastEventId, string? after, HttpContext http, EventStream stream, CancellationToken cancellationToken) =>
        stream.AnswerAsync(http, null, lastEventId, after, cancellationToken);
}
