using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Takes every generation whose time has come: the next poll, a webhook's hint, a back-off that is over, a message that was lost, a lease
/// that a dead worker left. With this loop alone, without broker and webhooks, every job still ends.
/// </summary>
internal sealed partial class DueGenerations(
    GenerationRuns runs, IServiceScopeFactory scopes, WorkBell bell, IOptions<WorkOptions> options, ILogger<DueGenerations> logger) : BackgroundService
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

    /// <summary>Takes one due generation; false when there is none.</summary>
    private async Task<bool> RunOnceAsync(CancellationToken stoppingToken)
    {
        await runs.TakeSlotAsync(stoppingToken);
        PreparedRun? run = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
            var claim = await TakeDueAsync(db, stoppingToken);
            run = claim is null ? null : await runs.PrepareAsync(claim, stoppingToken);
            return claim is not null;
        }
        finally
        {
            if (run is not null)
            {
                runs.Start(run, stoppingToken);
            }
            else
            {
                runs.ReturnSlot();
            }
        }
    }

    private async Task<GenerationClaim?> TakeDueAsync(PrintCraftDb db, CancellationToken stoppingToken)
    {
        using var quiet = Polling.WithoutSpans();
        return await GenerationClaim.TakeDueAsync(db, options.Value.Lease, stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "Due generations are not looked for, for now: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);
}
