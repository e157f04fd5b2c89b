using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Generations;

/// <summary>
/// How many jobs are open, in all and of a user, and which place a waiting one has. Counted by the partial index over open jobs, at most four times a second, for all
/// requests together, and in the background while the limit is far; what this process accepts meanwhile is added. So no request pays for a
/// count, and one process never accepts more than the limit; several may, by what each accepts between two counts. The count has a
/// connection of its own: a request that waits for it may hold one that others wait for.
/// </summary>
public sealed partial class Backlog(NpgsqlDataSource database, IOptions<GenerationPolicy> policy, IOptions<RateLimitOptions> limits, TimeProvider time, ILogger<Backlog> logger)
{
    /// <summary>A count serves at least so long before it is made anew.</summary>
    private static readonly TimeSpan ShortestFresh = TimeSpan.FromMilliseconds(250);

    /// <summary>And while the limit is far, so many times as long as it took: thousands of open jobs must not keep the database busy with being counted.</summary>
    private const double FreshPerEffort = 20;

    /// <summary>A count that is older than this (nobody asked for a while) says nothing: the next one is waited for.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(2);

    /// <summary>The share of the limit from which on a count must be fresh.</summary>
    private const double Near = 0.8;

    /// <summary>Whether the count sees a job that is being accepted meanwhile is told by its id; no acceptance takes longer than this.</summary>
    private static readonly TimeSpan Meanwhile = TimeSpan.FromSeconds(10);

    /// <summary>
    /// $1 jobs that are being accepted here: whether the count would see them is not known, so they are counted here. $2 an id (UUIDv7) before all
    /// that may be accepted while it counts.
    /// </summary>
    private const string CountOpen = """
        SELECT (count(*) FILTER (WHERE id <> ALL($1)))::integer, array_agg(created_at ORDER BY created_at) FILTER (WHERE status = 'pending' AND id <> ALL($1)),
            array_agg(id) FILTER (WHERE id > $2 AND id <> ALL($1)), array_agg(user_id) FILTER (WHERE id <> ALL($1))
        FROM generations WHERE due_at IS NOT NULL
        """;

    private readonly Lock _lock = new();

    /// <summary>Accepted, or about to be, and not in the count.</summary>
    private readonly Dictionary<Guid, Own> _own = [];

    private OpenJobs _counted = OpenJobs.None;
    private long? _countedAt;
    private TimeSpan _fresh = ShortestFresh;
    private Task? _counting;

    /// <summary>Jobs that no worker has yet, as far as is known.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _counted.Pending.Length + _own.Count;
            }
        }
    }

    /// <summary>Takes places for jobs of one user that are about to be accepted, if there are enough. Each is then confirmed or given back.</summary>
    public async Task<Reservation> TryReserveAsync(IReadOnlyCollection<Generation> jobs, CancellationToken cancellationToken)
    {
        if (Age() is not { } age || age > Stale || (age > ShortestFresh && IsNear(jobs.Count)))
        {
            await Count().WaitAsync(cancellationToken);
        }
        else if (age > _fresh)
        {
            CountUnwatched();
        }

        var reservation = Reserve(jobs);
        if (reservation == Reservation.UserIsFull && Age() > ShortestFresh)
        {
            // Some of them may have ended since the last count.
            await Count().WaitAsync(cancellationToken);
            reservation = Reserve(jobs);
        }

        return reservation;
    }

    /// <summary>The job's transaction was committed.</summary>
    public void Confirm(Guid id)
    {
        lock (_lock)
        {
            if (_own.TryGetValue(id, out var own))
            {
                _own[id] = own with { IsCommitted = true };
            }
        }
    }

    /// <summary>The job did not come to be.</summary>
    public void GiveBack(Guid id)
    {
        lock (_lock)
        {
            _own.Remove(id);
        }
    }

    /// <summary>Makes sure that places are known; waits only when nobody asked for a while.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (Age() is not { } age || age > Stale)
        {
            await Count().WaitAsync(cancellationToken);
        }
        else if (age > _fresh)
        {
            CountUnwatched();
        }
    }

    /// <summary>The place of a pending job among those that wait, from 1; null when it does not wait.</summary>
    public int? PositionOf(Generation job)
    {
        if (job.Status != GenerationStatus.Pending)
        {
            return null;
        }

        lock (_lock)
        {
            return _counted.WaitingBefore(job.CreatedAt) + _own.Values.Count(own => own.CreatedAt < job.CreatedAt) + 1;
        }
    }

    private Reservation Reserve(IReadOnlyCollection<Generation> jobs)
    {
        lock (_lock)
        {
            if (_counted.Count + _own.Count + jobs.Count > policy.Value.MaxBacklog)
            {
                return Reservation.Full;
            }

            var userId = jobs.First().UserId;
            if (limits.Value.JobsPerUser is > 0 and var allowed && _counted.Of(userId) + _own.Values.Count(own => own.UserId == userId) + jobs.Count > allowed)
            {
                return Reservation.UserIsFull;
            }

            foreach (var job in jobs)
            {
                _own[job.Id] = new Own(job.UserId, job.CreatedAt, IsCommitted: false);
            }

            return Reservation.Taken;
        }
    }

    private TimeSpan? Age()
    {
        lock (_lock)
        {
            return _countedAt is { } at ? time.GetElapsedTime(at) : null;
        }
    }

    private bool IsNear(int jobs)
    {
        lock (_lock)
        {
            return _counted.Count + _own.Count + jobs > policy.Value.MaxBacklog * Near;
        }
    }

    /// <summary>The count that is being made, or else a new one.</summary>
    private Task Count()
    {
        lock (_lock)
        {
            return _counting is { IsCompleted: false } counting ? counting : _counting = Task.Run(() => CountOrRetryAsync(CancellationToken.None));
        }
    }

    private void CountUnwatched() => Count().ContinueWith(
        count => NotCounted(logger, count.Exception!.GetBaseException().Message), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>The connection may have died while it lay idle, with the server's last restart: then a new one is tried, once.</summary>
    private async Task CountOrRetryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CountAsync(cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.IsTransient)
        {
            database.Clear();
            await CountAsync(cancellationToken);
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        List<Guid> committed = [], open = [];
        lock (_lock)
        {
            foreach (var (id, own) in _own)
            {
                (own.IsCommitted ? committed : open).Add(id);
            }
        }

        var at = time.GetTimestamp();
        await using var command = connection.Statement(CountOpen, Value(open.ToArray()), Value(Guid.CreateVersion7(time.GetUtcNow() - Meanwhile)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var counted = new OpenJobs(reader.GetInt32(0), reader.IsDBNull(1) ? [] : reader.GetFieldValue<DateTimeOffset[]>(1), reader.IsDBNull(3) ? [] : reader.GetFieldValue<Guid[]>(3));
        Guid[] seen = reader.IsDBNull(2) ? [] : reader.GetFieldValue<Guid[]>(2);
        lock (_lock)
        {
            (_counted, _countedAt) = (counted, at);
            var effort = time.GetElapsedTime(at) * FreshPerEffort;
            _fresh = effort < ShortestFresh ? ShortestFresh : effort < Stale ? effort : Stale;
            foreach (var id in committed.Concat(seen))
            {
                _own.Remove(id);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Open generations cannot be counted; the last count serves on: {Reason}")]
    private static partial void NotCounted(ILogger logger, string reason);

    private readonly record struct Own(Guid UserId, DateTimeOffset CreatedAt, bool IsCommitted);
}
