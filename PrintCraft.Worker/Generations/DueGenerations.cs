using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Takes every generation whose time has come: the next poll, a webhook's hint, a back-off that is over, a message that was lost, a lease
/// that a dead worker left. With this loop alone, without broker and webhooks, every job still ends.
/// </summary>
internal sealed partial class DueGenerations(
    GenerationRuns runs,
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    WorkBell bell,
    IOptions<WorkOptions> options,
    ILogger<DueGenerations> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rings = bell.Listen();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = options.Value.SweepInterval;
            try
            {
                while (await RunOnceAsync(stoppingToken))
                {
                    // Until nothing more is due.
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: the database is down. Nothing is lost but time.
                Paused(logger, exception.GetBaseException().Message);
                wait = TimeSpan.FromSeconds(2);
            }

            await WorkBell.WaitAsync(rings, wait, stoppingToken);
        }
    }

    /// <summary>Takes what is due, up to the number of free slots; false when nothing more is.</summary>
    private async Task<bool> RunOnceAsync(CancellationToken stoppingToken)
    {
        var due = await DueAsync(options.Value.Concurrency, stoppingToken);
        if (due.Length == 0)
        {
            return false;
        }

        // After a wait for slots some may have been looked at by others: a second look does no harm.
        var slots = await runs.TakeSlotsAsync(due.Length, stoppingToken);
        if (await runs.TryClaimAsync(due[..slots], skipLocked: true, stoppingToken) is null)
        {
            runs.ReturnSlots(slots);
            return false;
        }

        return slots < due.Length || due.Length == options.Value.Concurrency;
    }

    private async Task<Guid[]> DueAsync(int limit, CancellationToken stoppingToken)
    {
        using var quiet = Polling.WithoutSpans();
        return await TakeGenerations.DueAsync(database, limit, stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "Due generations are not looked for, for now: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);
}
