using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Waits for what a resource was told to wait for. The first failure ends the wait. With a dashboard somebody can start a failed
/// dependency again, so only a wrong exit code is final there; without one, and in tests, a dependency that ended is.
/// </summary>
internal sealed class Dependencies(ResourceNotificationService notifications, bool endedIsFinal)
{
    public async Task WaitAsync(IResource resource, Func<IResource, IReadOnlyList<string>> instancesOf, CancellationToken cancellationToken)
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = resource.All<WaitAnnotation>()
            .Where(wait => wait.Dependency is not (ParameterResource or ExternalServiceResource))
            .SelectMany(wait => instancesOf(wait.Dependency).Select(id => WaitForInstanceAsync(resource, wait, id, first.Token)))
            .ToList();
        try
        {
            await foreach (var wait in Task.WhenEach(waits))
            {
                await wait;
            }
        }
        finally
        {
            await first.CancelAsync();
        }
    }

    private async Task WaitForInstanceAsync(IResource resource, WaitAnnotation wait, string id, CancellationToken cancellationToken)
    {
        var change = await notifications.WaitForResourceAsync(
            wait.Dependency.Name, change => change.ResourceId == id && IsDecided(change.Snapshot, wait), cancellationToken);
        var (state, snapshot) = (change.Snapshot.State!.Text, change.Snapshot);
        var reason = state == KnownResourceStates.FailedToStart ? "it failed to start."
            : wait.ExpectedExitCode is not { } expected ? $"it entered the '{state}' state prematurely."
            : snapshot.ExitCode != expected ? $"it entered the '{state}' state with exit code '{snapshot.ExitCode}', expected '{expected}'."
            : null;
        if (snapshot.Ready is not null && wait.ExpectedExitCode is null)
        {
            await snapshot.Ready.WaitAsync(cancellationToken);
        }
        else if (reason is not null)
        {
            throw new DistributedApplicationException(
                $"Resource '{resource.Name}' stopped waiting for dependency resource '{wait.Dependency.Name}' because {reason}");
        }
    }

    private bool IsDecided(CustomResourceSnapshot snapshot, WaitAnnotation wait)
    {
        var ended = KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text);
        return wait.ExpectedExitCode is not null ? ended
            : (snapshot.HealthStatus == HealthStatus.Healthy && snapshot.Ready is not null) || (ended && endedIsFinal);
    }
}
