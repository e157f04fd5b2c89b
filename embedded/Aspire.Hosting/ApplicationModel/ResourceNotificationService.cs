using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>
/// The newest snapshot of every resource instance, and waiting on them. The orchestrator, the health monitor and the commands
/// write here from their own tasks; one lock orders the versions, so that a watcher sees each change once and in order.
/// </summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposing = new();
    private long _version;

    internal ResourceNotificationService()
    {
    }

    /// <summary>Waits until an instance of the resource is in a state; Running when none is given.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
    {
        var state = targetState ?? KnownResourceStates.Running;
        return WaitAsync(resourceName, change => change.Snapshot.State?.Text == state, $"reach the state '{state}'", cancellationToken);
    }

    /// <summary>Waits until an instance of the resource satisfies the predicate.</summary>
    public Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default) =>
        WaitAsync(resourceName, predicate, "meet the predicate condition", cancellationToken);

    /// <summary>Waits until an instance is healthy and its ready handlers are through; throws when it ended instead.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var change = await WaitAsync(resourceName, IsHealthyOrOver, "become healthy", cancellationToken);
        if (change.Snapshot.Ready is null)
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start.");
        }

        await change.Snapshot.Ready.WaitAsync(cancellationToken);
        return change;

        static bool IsHealthyOrOver(ResourceEvent change) =>
            (change.Snapshot.HealthStatus == HealthStatus.Healthy && change.Snapshot.Ready is not null)
            || KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text);
    }

    /// <summary>The newest snapshot of an instance, by its own name or, when there is only one, by the resource's.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (!_current.TryGetValue(resourceId, out resourceEvent))
            {
                var sameName = _current.Values.Where(change => IsNamed(change, resourceId)).Take(2).ToList();
                resourceEvent = sameName.Count == 1 ? sameName[0] : null;
            }

            return resourceEvent is not null;
        }
    }

    /// <summary>The current snapshots, then every change until cancelled.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var change in _current.Values.OrderBy(change => change.Snapshot.Version))
            {
                channel.Writer.TryWrite(change);
            }

            _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(ending.Token))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Ends every wait.</summary>
    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot?, CustomResourceSnapshot> update)
    {
        lock (_lock)
        {
            var previous = _current.GetValueOrDefault(resourceId)?.Snapshot;
            var next = update(previous);
            if (ReferenceEquals(previous, next))
            {
                return;
            }

            var change = new ResourceEvent(resource, resourceId, next with { Version = ++_version });
            _current[resourceId] = change;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }
        }
    }

    private async Task<ResourceEvent> WaitAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, string purpose, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in WatchAsync(cancellationToken))
            {
                if (IsNamed(change, resourceName) && predicate(change))
                {
                    return change;
                }
            }
        }
        catch (OperationCanceledException exception)
        {
            throw new OperationCanceledException($"Resource '{resourceName}' failed to {purpose} before the operation was cancelled. "
                + DescribeState(resourceName), exception, exception.CancellationToken);
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private string DescribeState(string resourceName)
    {
        lock (_lock)
        {
            var seen = _current.Values.Where(change => IsNamed(change, resourceName)).Select(change =>
                $"{change.ResourceId}: {change.Snapshot.State?.Text ?? "no state"}, health {change.Snapshot.HealthStatus?.ToString() ?? "unknown"}");
            return $"Last seen: {string.Join("; ", seen.DefaultIfEmpty("nothing"))}.";
        }
    }

    private static bool IsNamed(ResourceEvent change, string name) => string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase);
}
