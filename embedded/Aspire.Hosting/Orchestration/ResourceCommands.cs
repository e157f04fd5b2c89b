using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Embedded;

/// <summary>Start, stop and restart of single instances; a stopped worker's colleagues go on.</summary>
internal sealed class ResourceCommands(
    IReadOnlyList<ResourceInstance> instances, ResourceRunner runner, ResourceNotificationService notifications, CancellationToken stopping)
{
    public async Task<ExecuteCommandResult> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(resourceId, out var current)
            || instances.FirstOrDefault(one => one.Id == current.ResourceId) is not { HasProcess: true } instance)
        {
            return Refuse($"There is no single process named '{resourceId}'.");
        }

        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            var state = notifications.TryGetCurrentState(instance.Id, out var now) ? now.Snapshot.State?.Text : null;
            var enabled = Snapshots.Commands(state).Any(one => one.Name == command && one.State == ResourceCommandState.Enabled);
            if (!enabled || stopping.IsCancellationRequested)
            {
                return Refuse($"Command '{command}' is not available while '{instance.Id}' is in the state '{state}'.");
            }

            // Also before a start: the task of an ended life may still be on its last line.
            await runner.StopAsync(instance);
            if (command != KnownResourceCommands.StopCommand)
            {
                await runner.StartAsync(instance, stopping).WaitAsync(cancellationToken);
            }

            return new ExecuteCommandResult { Success = true };
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    private static ExecuteCommandResult Refuse(string message) => new() { Success = false, Message = message };
}
