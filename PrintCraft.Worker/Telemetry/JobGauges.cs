using System.Diagnostics.Metrics;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;

namespace PrintCraft.Worker.Telemetry;

/// <summary>
/// How much is open right now. One worker asks for all, as long as it holds an advisory lock, and only it shows anything: sums over workers would count
/// everything as often as there are workers. The lock goes with its connection, so another worker follows one that was killed. A value that is old is not
/// shown: no data is an alarm of its own.
/// </summary>
internal sealed partial class JobGauges : BackgroundService
{
    private const string Lock = "hashtext('printcraft gauges')";

    /// <summary>By the partial indexes over open jobs and unsent messages. What is held is the price of the open jobs, which the invariant check compares with the accounts.</summary>
    private const string Look = """
        SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE status = 'processing'), coalesce(sum(credits_per_image * count), 0)::bigint,
            coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE status = 'pending')), 0)::double precision,
            coalesce((SELECT extract(epoch FROM now() - min(created_at)) FROM outbox WHERE sent_at IS NULL), 0)::double precision
        FROM generations WHERE due_at IS NOT NULL
        """;

    /// <summary>Looks that may fail before the last one is too old to be shown.</summary>
    private const int Patience = 3;

    private readonly NpgsqlDataSource _database;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<JobGauges> _logger;
    private Seen? _seen;

    public JobGauges(
        [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, IOptions<TelemetryOptions> options, IMeterFactory meters, TimeProvider time, ILogger<JobGauges> logger)
    {
        (_database, _interval, _time, _logger) = (database, options.Value.GaugeInterval, time, logger);
        var meter = meters.Create("PrintCraft.Jobs");
        meter.CreateObservableGauge<long>("printcraft.jobs.active", () => Show<long>(seen => [In("pending", seen.Pending), In("processing", seen.Processing)]), "{job}", "Open jobs.");
        meter.CreateObservableGauge<double>("printcraft.jobs.oldest_wait", () => Show<double>(seen => [new(seen.OldestWait)]), "s", "Age of the oldest job that no worker has had yet.");
        meter.CreateObservableGauge<double>("printcraft.outbox.lag", () => Show<double>(seen => [new(seen.OutboxLag)]), "s", "Age of the oldest message that is not published.");
        meter.CreateObservableGauge<long>("printcraft.credits.held", () => Show<long>(seen => [new(seen.Held)]), "{credit}", "Credits held for open jobs.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        do
        {
            try
            {
                await LeadAsync(timer, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: tried again at the next tick, here or by another worker.
                Failed(_logger, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks at every tick; ends at once when another worker does.</summary>
    private async Task LeadAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        using var quiet = Polling.WithoutSpans();
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var take = connection.Statement($"SELECT pg_try_advisory_lock({Lock})");
        if (await take.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return;
        }

        try
        {
            do
            {
                _seen = await LookAsync(connection, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            // The connection goes back to its pool and would keep the lock there. A broken one has lost it.
            await using var release = connection.Statement($"SELECT pg_advisory_unlock({Lock})");
            await release.ExecuteNonQueryAsync(CancellationToken.None);
            _seen = null;
        }
    }

    private async Task<Seen> LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(Look);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Seen(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3), reader.GetDouble(4), _time.GetTimestamp());
    }

    private Measurement<T>[] Show<T>(Func<Seen, Measurement<T>[]> of)
        where T : struct => _seen is { } seen && _time.GetElapsedTime(seen.At) < _interval * Patience ? of(seen) : [];

    private static Measurement<long> In(string state, long count) => new(count, new KeyValuePair<string, object?>("state", state));

    [LoggerMessage(LogLevel.Warning, "The gauges of open jobs show nothing for now: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);

    private sealed record Seen(long Pending, long Processing, long Held, double OldestWait, double OutboxLag, long At);
}
