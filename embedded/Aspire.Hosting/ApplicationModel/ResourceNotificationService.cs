using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The newest snapshot of every resource instance, and waiting on them.</summary>
public class ResourceNotificationService
{
    private readonly Broadcast<ResourceEvent> _changes = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceNotificationService(bool endedIsFinal) => EndedIsFinal = endedIsFinal;

    /// <summary>With a dashboard somebody can start again what ended, so waiting goes on; without one, and in tests, it does not.</summary>
    internal bool EndedIsFinal { get; }

    /// <summary>Waits until an instance of the resource satisfies the predicate.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        try
        {
            return await WatchAsync(cancellationToken).FirstAsync(change => IsNamed(change, resourceName) && predicate(change), cancellationToken);
        }
        catch (OperationCanceledException exception)
        {
            var seen = Named(resourceName).Select(change => $"{change.ResourceId} {change.Snapshot.State?.Text} {change.Snapshot.HealthStatus}");
            throw new OperationCanceledException(
                $"Waiting for resource '{resourceName}' was cancelled; last seen: {string.Join(", ", seen)}.", exception, exception.CancellationToken);
        }
    }

    /// <summary>Waits until an instance is healthy and its ready handlers are through; throws when it ended instead and no dashboard can start it again.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(resourceName, change => IsReady(change.Snapshot) || HasEnded(change.Snapshot), cancellationToken);
        await (change.Snapshot.Ready?.WaitAsync(cancellationToken) ?? throw new DistributedApplicationException(
            $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start."));
        return change;
    }

    /// <summary>The newest snapshot of an instance, by its own name or, when there is only one, by the resource's.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_changes.Gate)
        {
            resourceEvent = _current.GetValueOrDefault(resourceId) ?? (Named(resourceId) is [var only] ? only : null);
            return resourceEvent is not null;
        }
    }

    /// <summary>The current snapshots, then every change until cancelled.</summary>
    public IAsyncEnumerable<ResourceEvent> WatchAsync(CancellationToken cancellationToken = default) =>
        _changes.WatchAsync(() => _current.Values, cancellationToken);

    internal static bool IsReady(CustomResourceSnapshot snapshot) => snapshot.HealthStatus == HealthStatus.Healthy && snapshot.Ready is not null;

    internal bool HasEnded(CustomResourceSnapshot snapshot) => EndedIsFinal && KnownResourceStates.IsTerminal(snapshot.State?.Text);

    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot?, CustomResourceSnapshot> update)
    {
        lock (_changes.Gate)
        {
            var previous = _current.GetValueOrDefault(resourceId)?.Snapshot;
            var next = update(previous);
            if (!ReferenceEquals(previous, next))
            {
                _changes.Send(_current[resourceId] = new ResourceEvent(resource, resourceId, next));
            }
        }
    }

    private List<ResourceEvent> Named(string resourceName)
    {
        lock (_changes.Gate)
        {
            return [.. _current.Values.Where(change => IsNamed(change, resourceName))];
        }
    }

    private static bool IsNamed(ResourceEvent change, string name) => string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase);
}
