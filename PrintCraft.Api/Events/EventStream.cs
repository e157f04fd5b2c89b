using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Events;

/// <summary>
/// Events as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): each page is written with one flush. A slow client
/// costs its connection only, and one that takes nothing is cut off. A process that stops ends the stream, as does the end of the credential; the client
/// comes back with its last id.
/// </summary>
internal sealed class EventStream(
    EventFollower follower,
    StreamPlaces places,
    Limiter limits,
    CurrentUser user,
    GenerationResources resources,
    IOptions<EventOptions> options,
    IOptions<JsonOptions> json,
    IHostApplicationLifetime host,
    TimeProvider time)
{
    /// <summary>How long a client waits before it comes back, in milliseconds.</summary>
    private static readonly byte[] Retry = "retry: 2000\n"u8.ToArray();

    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    /// <param name="generationId">Null for all jobs of the caller.</param>
    /// <param name="lastEventId">Where the client wants to go on, by its header; <paramref name="after"/> by its query.</param>
    public async Task<IResult> AnswerAsync(HttpContext http, Guid? generationId, string? lastEventId, string? after, CancellationToken cancellationToken)
    {
        if (!LastEventId.TryRead(lastEventId, after, out var last))
        {
            return LastEventId.Refusal(lastEventId);
        }

        using var place = await places.TryEnterAsync(user.Id, cancellationToken);
        if (place is null)
        {
            limits.RefuseStreams();
            return Answer.Refusal(ProblemCode.RateLimited, Limiter.TooManyStreams);
        }

        using var trail = await follower.OpenAsync(new EventQuery(user.Id, generationId), last, cancellationToken);
        if (trail is null)
        {
            return Answer.Refusal(ProblemCode.NotFound, "There is no such generation.");
        }

        if (trail.IsOver)
        {
            // Tells a browser that nothing more will come.
            return TypedResults.NoContent();
        }

        await RunAsync(http, trail, cancellationToken);
        return TypedResults.Empty;
    }

    /// <summary>Until the client goes, the process stops or, for one job, its final event is written.</summary>
    private async Task RunAsync(HttpContext http, EventTrail trail, CancellationToken cancellationToken)
    {
        http.GiveBackPlace();
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.ApplicationStopping);
        try
        {
            var writer = http.Response.BodyWriter;
            // The number to go on from is told before the first event: a line may break before there is one.
            writer.Write(Retry);
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {trail.After}\n\n"), writer);
            await FlushAsync(writer, ending.Token);
            await foreach (var page in follower.FollowAsync(trail, http, ending.Token))
            {
                Write(writer, trail.Query, page);
                await FlushAsync(writer, ending.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
        catch (TimeoutException)
        {
            http.Abort();
        }
    }

    private void Write(PipeWriter writer, EventQuery query, IReadOnlyList<EventRow> page)
    {
        if (page.Count == 0)
        {
            writer.Write(Heartbeat);
        }

        foreach (var row in page)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {query.NumberOf(row)}\nevent: {GenerationEventResource.NameOf(row.Type)}\ndata: "), writer);
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(GenerationEventResource.From(row, resources), json.Value.SerializerOptions));
            writer.Write("\n\n"u8);
        }
    }

    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    private Task FlushAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        var flush = writer.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask().WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
    }
}
