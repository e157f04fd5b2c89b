using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Identity;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Events;

/// <summary>
/// Writes server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) as they come: reads a page, writes it with one flush,
/// waits to be told. Nothing is kept for a client but its last number, so a slow one costs its connection only, and one that takes nothing is
/// cut off. While the database is down the stream stays open; a process that stops ends it, and the client comes back with its last id. So does the
/// end of the credential, whether it was revoked or its time is over.
/// </summary>
internal sealed class EventStream(
    EventFeed feed, EventRows rows, StandingCredential credential, GenerationResources resources, IOptions<EventOptions> options, IOptions<JsonOptions> json, IHostApplicationLifetime host, TimeProvider time)
{
    /// <summary>How long a client waits before it comes back, in milliseconds.</summary>
    private static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();

    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    /// <summary>Until the client goes, the process stops or, for one job, its final event is written.</summary>
    /// <param name="after">The number of the last event that the client has.</param>
    /// <param name="page">What was already read after it.</param>
    public async Task RunAsync(HttpContext http, EventBell bell, EventQuery query, long after, IReadOnlyList<EventRow> page, CancellationToken cancellationToken)
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
            writer.Write(Retry);
            await WriteAsync(writer, query, page, ending.Token);
            await FollowAsync(http, bell, query, after, page, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
        }
        catch (TimeoutException)
        {
            http.Abort();
        }
    }

    private async Task FollowAsync(HttpContext http, EventBell bell, EventQuery query, long after, IReadOnlyList<EventRow> page, CancellationToken cancellationToken)
    {
        var writer = http.Response.BodyWriter;
        for (var written = time.GetTimestamp(); await credential.StandsAsync(http, cancellationToken);)
        {
            if (page.Count > 0)
            {
                after = query.NumberOf(page[^1]);
                written = time.GetTimestamp();
                if (query.GenerationId is not null && GenerationEventResource.StatusAfter(page[^1].Type).IsFinal())
                {
                    return;
                }
            }

            if (page.Count < EventRows.PageSize)
            {
                var silent = options.Value.Heartbeat - time.GetElapsedTime(written);
                if (silent <= TimeSpan.Zero)
                {
                    writer.Write(Heartbeat);
                    await FlushAsync(writer, cancellationToken);
                    (written, silent) = (time.GetTimestamp(), options.Value.Heartbeat);
                }

                await bell.WaitAsync(silent < feed.PollInterval ? silent : feed.PollInterval, cancellationToken);
            }

            page = await ReadAsync(query, after, cancellationToken);
            if (page.Count > 0)
            {
                await WriteAsync(writer, query, page, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<EventRow>> ReadAsync(EventQuery query, long after, CancellationToken cancellationToken)
    {
        try
        {
            return await rows.ReadAsync(query, after, cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            await Task.Delay(options.Value.FallbackPoll, cancellationToken);
            return [];
        }
    }

    private Task WriteAsync(PipeWriter writer, EventQuery query, IReadOnlyList<EventRow> page, CancellationToken cancellationToken)
    {
        foreach (var row in page)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {query.NumberOf(row)}\nevent: {GenerationEventResource.NameOf(row.Type)}\ndata: "), writer);
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(GenerationEventResource.From(row, resources), json.Value.SerializerOptions));
            writer.Write("\n\n"u8);
        }

        return FlushAsync(writer, cancellationToken);
    }

    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    private Task FlushAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        var flush = writer.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask().WaitAsync(options.Value.WriteTimeout, time, cancellationToken);
    }
}
