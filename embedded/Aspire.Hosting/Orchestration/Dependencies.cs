namespace Aspire.Hosting.Embedded;

/// <summary>Waits for what a resource was told to wait for, every instance of it. The first failure ends the wait.</summary>
internal static class Dependencies
{
    public static async Task WaitAsync(
        this ResourceNotificationService notifications, IResource resource, Func<IResource, IReadOnlyList<string>> instancesOf, CancellationToken cancellationToken)
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waits = resource.Description.Waits.Where(wait => wait.Dependency is not (ParameterResource or ExternalServiceResource))
            .SelectMany(wait => instancesOf(wait.Dependency).Select(id => WaitForInstanceAsync(wait.Dependency, wait.ExitCode, id)))
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

        async Task WaitForInstanceAsync(IResource dependency, int? exitCode, string id)
        {
            var snapshot = (await notifications.WaitForResourceAsync(dependency.Name, change => change.ResourceId == id && (exitCode is null
                ? ResourceNotificationService.IsReady(change.Snapshot) || notifications.HasEnded(change.Snapshot)
                : KnownResourceStates.IsTerminal(change.Snapshot.State?.Text)), first.Token)).Snapshot;
            var state = snapshot.State!.Text;
            var problem = state == KnownResourceStates.FailedToStart ? "it failed to start."
                : exitCode is null && snapshot.Ready is null ? $"it entered the '{state}' state prematurely."
                : exitCode is not null && snapshot.ExitCode != exitCode ? $"it entered the '{state}' state with exit code '{snapshot.ExitCode}', expected '{exitCode}'."
                : null;
            await (problem is null ? snapshot.Ready?.WaitAsync(first.Token) ?? Task.CompletedTask : throw new DistributedApplicationException(
                $"Resource '{resource.Name}' stopped waiting for dependency resource '{dependency.Name}' because {problem}"));
        }
    }
}
