using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Generations;

/// <summary>
/// How long a job will take, from what recent ones took. The recent ones are read in the background, at most every few seconds and only while
/// somebody asks: an order never waits for it.
/// </summary>
public sealed partial class Estimates(IServiceScopeFactory scopes, Backlog backlog, IOptions<GenerationPolicy> policy, TimeProvider time, ILogger<Estimates> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Lookback = TimeSpan.FromHours(1);

    /// <summary>Ids begin with the time, so the primary key is an index by time.</summary>
    private const string Recent = """
        SELECT model, width, height, completed_at - started_at, completed_at
        FROM generations WHERE id > $1 AND status = 'succeeded' ORDER BY id DESC LIMIT 500
        """;

    private volatile RecentRuns _recent = RecentRuns.None;
    private long _readAt;
    private int _reading;

    /// <summary>Seconds.</summary>
    public int Of(GenerationOrder order)
    {
        if ((_readAt == 0 || time.GetElapsedTime(Interlocked.Read(ref _readAt)) > Pause) && Interlocked.Exchange(ref _reading, 1) == 0)
        {
            _ = Task.Run(() => ReadAsync(CancellationToken.None));
        }

        var recent = _recent;
        return EstimateRules.Seconds(order.Model.Estimate, recent.Usual(order.Model.FullName, order.Width, order.Height), backlog.Waiting, recent.PerSecond, policy.Value.Deadline);
    }

    /// <summary>Reads the recent runs now.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow();
            await using var scope = scopes.CreateAsyncScope();
            var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
            await using var command = connection.Statement(Recent, Value(Guid.CreateVersion7(now - Lookback)));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var runs = new List<RecentRun>();
            while (await reader.ReadAsync(cancellationToken))
            {
                runs.Add(new RecentRun(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetTimeSpan(3), reader.GetFieldValue<DateTimeOffset>(4)));
            }

            _recent = RecentRuns.Of(runs, now);
        }
        catch (Exception exception)
        {
            // The edge of work that nobody waits for. The last known runs serve on.
            NotRead(logger, exception.GetBaseException().Message);
        }
        finally
        {
            Interlocked.Exchange(ref _readAt, time.GetTimestamp());
            Interlocked.Exchange(ref _reading, 0);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Recent generations cannot be read; estimates stay as they are: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
