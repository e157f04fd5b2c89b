using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;

using PrintCraft.Cli.Connections;
using PrintCraft.Client;

namespace PrintCraft.Cli.Generations;

/// <summary>What was seen of a job: an event of its stream or, while there is no stream, the job as it was read.</summary>
internal sealed record Sight(StreamedEvent? Happened, Generation? Read)
{
    public int Progress => Happened?.Data.Progress ?? Read!.Progress;

    public bool IsFinal => Happened?.Data.IsFinal ?? Read!.IsFinal;

    /// <summary>In a few words.</summary>
    public string What => Happened is { Data: var data } ? data.Type : JobText.StatusOf(Read!.Status);
}

/// <summary>
/// Follows jobs by their event streams, and goes on after the last event that was seen when a stream ends. While there is none to be had (too many are
/// open, a proxy cuts them, the API restarts), a job is read now and then instead: never sooner than after <see cref="Pause"/>, and as late as the API asks for.
/// </summary>
internal sealed class FollowJob(Connection connection, Action<string> note)
{
    /// <summary>Between two attempts; what the streams themselves ask for.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>A stream that was silent for so long may be dead: the job is read and the stream opened anew.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    /// <summary>After so long without an answer it says why nothing happens.</summary>
    private static readonly TimeSpan Unease = TimeSpan.FromSeconds(3);

    /// <summary>An API that does not answer for so long is given up. The job is not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private bool _isUneasy;

    /// <summary>To the end of the job.</summary>
    public async IAsyncEnumerable<Sight> ToTheEndAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? last = null;
        for (var heard = Stopwatch.GetTimestamp(); ;)
        {
            var opened = await OpenAsync(after => connection.Once.OpenGenerationEventsAsync(id, after, cancellationToken), last, cancellationToken);
            if (opened.Stream is { } stream)
            {
                await foreach (var happened in ReadAsync(stream, reached => last = reached, cancellationToken))
                {
                    heard = Stopwatch.GetTimestamp();
                    yield return new Sight(happened, null);
                    if (happened.Data.IsFinal)
                    {
                        yield break;
                    }
                }
            }

            var (read, asked) = await TryReadAsync(id, cancellationToken);
            if (read is not null)
            {
                heard = Stopwatch.GetTimestamp();
                yield return new Sight(null, read);
                if (read.IsFinal)
                {
                    yield break;
                }
            }

            await WaitAsync(opened.Asked > asked ? opened.Asked : asked, heard, cancellationToken);
        }
    }

    /// <summary>The events of all jobs from now on, until somebody ends it.</summary>
    public async IAsyncEnumerable<StreamedEvent> EverythingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long? last = null;
        for (var heard = Stopwatch.GetTimestamp(); ;)
        {
            var opened = await OpenAsync(after => connection.Once.OpenEventsAsync(after, cancellationToken), last, cancellationToken);
            if (opened.Stream is { } stream)
            {
                // A stream that ends before its first event has said where to go on, too.
                await foreach (var happened in ReadAsync(stream, reached => last = reached, cancellationToken))
                {
                    yield return happened;
                }

                heard = Stopwatch.GetTimestamp();
            }

            await WaitAsync(opened.Asked, heard, cancellationToken);
        }
    }

    /// <summary>The stream; or nothing, and how long the API wants to be left alone.</summary>
    private async Task<(HttpResponseMessage? Stream, TimeSpan Asked)> OpenAsync(
        Func<long?, Task<HttpResponseMessage>> open, long? last, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await open(last);
        }
        catch (Exception exception) when (IsPassing(exception, cancellationToken))
        {
            return (null, TimeSpan.Zero);
        }

        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent)
        {
            return (response.StatusCode == HttpStatusCode.OK ? response : null, TimeSpan.Zero);
        }

        using (response)
        {
            var asked = Failures.RetryAfter(response.Headers) ?? TimeSpan.Zero;
            return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError
                ? (null, asked)
                : throw new CommandFailedException(
                    Failures.Of(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers, connection.Address));
        }
    }

    /// <summary>The events until the stream ends, breaks or falls silent.</summary>
    private static async IAsyncEnumerable<StreamedEvent> ReadAsync(HttpResponseMessage stream, Action<long> ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (stream)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            silence.CancelAfter(Silence);
            await using var events = stream.ReadEventsAsync(ended, silence.Token).GetAsyncEnumerator(silence.Token);
            while (await NextAsync(events, cancellationToken))
            {
                silence.CancelAfter(Silence);
                yield return events.Current;
            }
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<StreamedEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<(Generation? Read, TimeSpan Asked)> TryReadAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return (await connection.Once.GetGenerationAsync(id, cancellationToken), TimeSpan.Zero);
        }
        catch (Exception exception) when (IsPassing(exception, cancellationToken))
        {
            return (null, (exception is Refit.ApiException answer ? Failures.RetryAfter(answer.Headers) : null) ?? TimeSpan.Zero);
        }
    }

    private async Task WaitAsync(TimeSpan asked, long heard, CancellationToken cancellationToken)
    {
        var silent = Stopwatch.GetElapsedTime(heard);
        if (silent > Patience)
        {
            throw new TimeoutException($"nothing was heard of it for {Patience.TotalMinutes:0} minutes");
        }

        if (silent > Unease && !_isUneasy)
        {
            note($"The API does not answer; trying again for up to {Patience.TotalMinutes:0} minutes.");
        }

        _isUneasy = silent > Unease;
        if (asked > Pause)
        {
            note($"The API asks for a pause of {asked.TotalSeconds:0} s.");
        }

        await Task.Delay(asked > Pause ? asked : Pause, cancellationToken);
    }

    /// <summary>Whether it may work a moment later.</summary>
    private static bool IsPassing(Exception exception, CancellationToken cancellationToken) => !cancellationToken.IsCancellationRequested && exception switch
    {
        Refit.ApiException { StatusCode: var status } => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError,
        Refit.ApiRequestException or HttpRequestException or IOException or OperationCanceledException => true,
        _ => false,
    };
}
