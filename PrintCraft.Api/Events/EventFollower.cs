using System.Runtime.CompilerServices;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Events;

/// <summary>What somebody follows and where he begins. Hears of new events from before <paramref name="Page"/> was read until it is disposed of.</summary>
/// <param name="After">The number of the last event that he has.</param>
/// <param name="Page">What was already read after it.</param>
/// <param name="IsOver">He has everything, and nothing more will come.</param>
internal sealed record EventTrail(EventQuery Query, long After, IReadOnlyList<EventRow> Page, bool IsOver, EventFeed.Listener Listener) : IDisposable
{
    public void Dispose() => Listener.Dispose();
}

/// <summary>
/// Follows events for one client, whatever carries them there: reads a page, hands it over, waits to be told. Nothing is kept for the client but its
/// last number, and no connection to the database while it waits. While the database is down it goes on trying. It ends with the client's credential,
/// whether that was revoked or its time is over.
/// </summary>
internal sealed class EventFollower(EventFeed feed, EventRows rows, StandingCredential credential, IOptions<EventOptions> options, TimeProvider time)
{
    /// <param name="after">The last event that the client has; without one, a job is followed from its first event, and all jobs from now on.</param>
    /// <returns>Null when the user has no such generation.</returns>
    public async Task<EventTrail?> OpenAsync(EventQuery query, long? after, CancellationToken cancellationToken)
    {
        // Listens before it reads: what is written between is told of, or is in the page.
        var listener = feed.Listen(query.UserId);
        EventTrail? trail = null;
        try
        {
            if (query.GenerationId is null)
            {
                var from = after ?? await rows.NewestAsync(query.UserId, cancellationToken);
                trail = new EventTrail(query, from, await rows.ReadAsync(query, from, cancellationToken), IsOver: false, listener);
            }
            else if (await rows.OpenAsync(query, after ?? 0, cancellationToken) is var (isFinal, page))
            {
                trail = new EventTrail(query, after ?? 0, page, isFinal && page.Count == 0, listener);
            }

            return trail;
        }
        finally
        {
            if (trail is null)
            {
                listener.Dispose();
            }
        }
    }

    /// <summary>Pages of events, each going on after the one before, to the final event of one job and without end for all. An empty page says that nothing
    /// was to be told for <see cref="EventOptions.Heartbeat"/>.</summary>
    public async IAsyncEnumerable<IReadOnlyList<EventRow>> FollowAsync(EventTrail trail, HttpContext http, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (query, after, page) = (trail.Query, trail.After, trail.Page);
        for (var told = time.GetTimestamp(); await credential.StandsAsync(http, cancellationToken);)
        {
            if (page.Count > 0)
            {
                yield return page;
                (after, told) = (query.NumberOf(page[^1]), time.GetTimestamp());
                if (query.GenerationId is not null && GenerationEventResource.StatusAfter(page[^1].Type).IsFinal())
                {
                    yield break;
                }
            }

            if (page.Count < EventRows.PageSize)
            {
                var silent = options.Value.Heartbeat - time.GetElapsedTime(told);
                if (silent <= TimeSpan.Zero)
                {
                    yield return [];
                    (told, silent) = (time.GetTimestamp(), options.Value.Heartbeat);
                }

                await trail.Listener.Bell.WaitAsync(silent < feed.PollInterval ? silent : feed.PollInterval, cancellationToken);
            }

            page = await ReadAsync(query, after, cancellationToken);
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
            await Task.Delay(options.Value.FallbackPoll, time, cancellationToken);
            return [];
        }
    }
}
