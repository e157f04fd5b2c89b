namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs commands on resource instances: start, stop, restart, and those that the AppHost added.</summary>
public class ResourceCommandService
{
    private readonly Func<string, string, CancellationToken, Task<ExecuteCommandResult>> _execute;

    internal ResourceCommandService(Func<string, string, CancellationToken, Task<ExecuteCommandResult>> execute) => _execute = execute;

    /// <summary>Runs the command on an instance, by its own name, or on the only instance of the named resource.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        _execute(resourceId, commandName, cancellationToken);
}
