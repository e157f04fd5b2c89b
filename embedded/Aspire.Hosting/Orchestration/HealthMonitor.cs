using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Asks the health checks of each resource while at least one of its instances runs: every 30 s when healthy, else after 1, 2, 3, 4
/// and then 5 s. The first healthy answer since the resource started fires the ready event; a restart fires it again.
/// </summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications, HealthCheckService checks, IServiceProvider services, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<IResource, Round> _rounds = [];

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

            _rounds[resource] = round = new Round(new CancellationTokenSource(), new SemaphoreSlim(0));
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
        var keys = resource.All<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
        Task? ready = null;
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var report = await checks.CheckHealthAsync(check => keys.Contains(check.Name), cancellationToken);
                failures = report.Status == HealthStatus.Healthy ? 0 : failures + 1;
                ready ??= failures == 0 ? Task.Run(() => FireReadyAsync(resource, cancellationToken), CancellationToken.None) : null;
                Publish(resource, instances, report, ready);
                var interval = failures == 0 ? HealthyInterval : TimeSpan.FromSeconds(Math.Min(5, failures));
                await wake.WaitAsync(interval, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError("The health checks of {Resource} cannot run: {Reason}", resource.Name, exception.Message);
                await Task.Delay(HealthyInterval, time, CancellationToken.None);
            }
        }
    }

    private void Publish(IResource resource, IReadOnlyList<string> instances, HealthReport report, Task? ready)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var answers = report.Entries.Select(entry =>
            new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.Message) { LastRunAt = now })
            .ToImmutableArray();
        foreach (var instance in instances)
        {
            notifications.Publish(resource, instance, snapshot => snapshot!.State?.Text == KnownResourceStates.Running
                ? snapshot with { HealthReports = answers, Ready = ready }
                : snapshot);
        }
    }

    private async Task FireReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var annotation in resource.All<ReadyAnnotation>())
            {
                await annotation.Callback(new ResourceReadyEvent(resource, services), cancellationToken);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError("What follows the start of {Resource} failed: {Reason}", resource.Name, exception.Message);
            throw;
        }
    }

    private sealed record Round(CancellationTokenSource End, SemaphoreSlim Wake);
}
