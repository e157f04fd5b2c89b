using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Asks the health checks of each resource while at least one of its instances runs: every 30 s when healthy, else after 1, 2, 3, 4
/// and then 5 s. The first healthy answer since the resource started fires the ready event; a restart fires it again.
/// </summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications, HealthCheckService checks, IServiceProvider services, TimeProvider time, ILogger<HealthMonitor> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IResource, (CancellationTokenSource End, SemaphoreSlim Wake)> _rounds = [];

    /// <summary>An instance runs now.</summary>
    public void Started(IResource resource, IReadOnlyList<string> instances)
    {
        lock (_lock)
        {
            if (_rounds.TryGetValue(resource, out var round))
            {
                round.Wake.Release();
                return;
            }

            _rounds[resource] = round = (new CancellationTokenSource(), new SemaphoreSlim(0));
            _ = MonitorAsync(resource, instances, round.Wake, round.End.Token);
        }
    }

    /// <summary>The last running instance is gone.</summary>
    public void Ended(IResource resource)
    {
        lock (_lock)
        {
            if (_rounds.Remove(resource, out var round))
            {
                round.End.Cancel();
            }
        }
    }

    private async Task MonitorAsync(IResource resource, IReadOnlyList<string> instances, SemaphoreSlim wake, CancellationToken cancellationToken)
    {
        var keys = resource.Description.HealthChecks;
        var (ready, failures) = ((Task?)null, 0);
        try
        {
            while (true)
            {
                var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
                failures = report.Status == HealthStatus.Healthy ? 0 : failures + 1;
                ready ??= failures == 0 ? Task.Run(() => FireReadyAsync(resource, cancellationToken), CancellationToken.None) : null;
                foreach (var instance in instances)
                {
                    notifications.Publish(resource, instance, snapshot => snapshot!.State?.Text == KnownResourceStates.Running
                        ? snapshot with { HealthReports = [.. report.Entries.Select(ToSnapshot)], Ready = ready }
                        : snapshot);
                }

                await wake.WaitAsync(TimeSpan.FromSeconds(failures == 0 ? 30 : Math.Min(5, failures)), cancellationToken);
            }
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                logger.LogError("The health checks of {Resource} cannot go on: {Reason}", resource.Name, exception.Message);
            }
        }
    }

    private HealthReportSnapshot ToSnapshot(KeyValuePair<string, HealthReportEntry> entry) =>
        new(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.Message, time.GetUtcNow().UtcDateTime);

    private async Task FireReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var handle in resource.Description.WhenReady)
            {
                await handle(new ResourceReadyEvent(resource, services), cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError("What follows the start of {Resource} failed: {Reason}", resource.Name, exception.Message);
            throw;
        }
    }
}
