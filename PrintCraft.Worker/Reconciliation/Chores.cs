using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Worker.Telemetry;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Runs every <see cref="IChore"/> at its interval. An advisory lock of the database lets one worker at a time do it; it goes with the connection, so a
/// killed worker keeps nobody from it.
/// </summary>
internal sealed partial class Chores(IEnumerable<IChore> chores, [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, ILogger<Chores> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(chores.Select(chore => RunAsync(chore, stoppingToken)));

    private async Task RunAsync(IChore chore, CancellationToken stoppingToken)
    {
        var name = chore.GetType().Name;
        using var timer = new PeriodicTimer(chore.Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var count = await RunAloneAsync(chore, name, stoppingToken);
                if (count > 0)
                {
                    Done(logger, name, count);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: tried again at the next tick.
                Failed(logger, name, exception.GetBaseException().Message);
            }
        }
    }

    private async Task<int> RunAloneAsync(IChore chore, string name, CancellationToken stoppingToken)
    {
        using var quiet = Polling.WithoutSpans();
        await using var connection = await database.OpenConnectionAsync(stoppingToken);
        await using var take = connection.Statement("SELECT pg_try_advisory_lock(hashtext('printcraft chore ' || $1))", Text(name));
        if (await take.ExecuteScalarAsync(stoppingToken) is not true)
        {
            return 0;
        }

        try
        {
            return await chore.RunOnceAsync(connection, stoppingToken);
        }
        finally
        {
            await using var release = connection.Statement("SELECT pg_advisory_unlock(hashtext('printcraft chore ' || $1))", Text(name));
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Chore} put {Count} right.")]
    private static partial void Done(ILogger logger, string chore, int count);

    [LoggerMessage(LogLevel.Warning, "{Chore} failed and is tried again: {Reason}")]
    private static partial void Failed(ILogger logger, string chore, string reason);
}
