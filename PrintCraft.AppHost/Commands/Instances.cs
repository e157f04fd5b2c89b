using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PrintCraft.AppHost.Commands;

/// <summary>Stops and starts instances of resources, and waits until that is so.</summary>
internal sealed class Instances(ExecuteCommandContext context)
{
    private readonly ResourceNotificationService _notifications = context.Services.GetRequiredService<ResourceNotificationService>();
    private readonly ResourceCommandService _commands = context.Services.GetRequiredService<ResourceCommandService>();

    /// <summary>The instances of these resources that run now.</summary>
    public async Task<IReadOnlyList<ResourceEvent>> RunningAsync(IReadOnlyCollection<IResource> resources, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, ResourceEvent>();
        var count = resources.Sum(resource => resource.GetReplicaCount());
        await foreach (var change in _notifications.WatchAsync(cancellationToken))
        {
            if (resources.Contains(change.Resource))
            {
                known[change.ResourceId] = change;
                if (known.Count == count)
                {
                    break;
                }
            }
        }

        return [.. known.Values.Where(one => DevelopmentCommand.IsRunning(one.Snapshot))];
    }

    /// <summary>The instance that the command was given.</summary>
    public ResourceEvent This() => _notifications.TryGetCurrentState(context.ResourceName, out var current) ? current : throw new InvalidOperationException($"No {context.ResourceName}.");

    public async Task StopAsync(ResourceEvent instance, CancellationToken cancellationToken)
    {
        context.Logger.Tell($"Stopping {instance.ResourceId}.");
        await ExecuteAsync(instance, KnownResourceCommands.StopCommand, cancellationToken);
        await EndedAsync(instance, cancellationToken);
    }

    public Task EndedAsync(ResourceEvent instance, CancellationToken cancellationToken) => _notifications.WaitForResourceAsync(
        instance.Resource.Name, change => change.ResourceId == instance.ResourceId && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text), cancellationToken);

    /// <summary>Starts it, also when nobody waits for the command any more: what was stopped for it must not stay so.</summary>
    public Task StartAsync(ResourceEvent instance)
    {
        context.Logger.Tell($"Starting {instance.ResourceId}.");
        return ExecuteAsync(instance, KnownResourceCommands.StartCommand, CancellationToken.None);
    }

    public async Task<ResourceEvent> HealthyAsync(ResourceEvent instance, CancellationToken cancellationToken) => await _notifications.WaitForResourceAsync(
        instance.Resource.Name,
        change => change.ResourceId == instance.ResourceId && DevelopmentCommand.IsRunning(change.Snapshot) && change.Snapshot.HealthStatus == HealthStatus.Healthy,
        cancellationToken);

    private async Task ExecuteAsync(ResourceEvent instance, string command, CancellationToken cancellationToken)
    {
        var result = await _commands.ExecuteCommandAsync(instance.ResourceId, command, cancellationToken);
        if (!result.Success)
        {
            context.Logger.Tell($"{command} of {instance.ResourceId}: {result.Message}");
        }
    }
}
