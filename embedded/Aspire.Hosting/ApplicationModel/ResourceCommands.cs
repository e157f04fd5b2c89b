namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it should.</summary>
    public required bool Success { get; init; }
    /// <summary>What it did, or why not.</summary>
    public string? Message { get; init; }
    /// <summary>What the dashboard shows beside the message.</summary>
    public CommandResultData? Data { get; init; }
}

/// <summary>A text that a command made. Always plain here; upstream also has JSON and Markdown.</summary>
public sealed class CommandResultData
{
    /// <summary>The text.</summary>
    public required string Value { get; init; }
    /// <summary>Whether the dashboard opens it by itself.</summary>
    public bool DisplayImmediately { get; init; }
}

/// <summary>Makes results.</summary>
public static class CommandResults
{
    /// <summary>It did what it should.</summary>
    public static ExecuteCommandResult Success(string message, CommandResultData value) => new() { Success = true, Message = message, Data = value };

    /// <summary>It did not.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, Message = errorMessage };
}

/// <summary>What a command runs with.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The AppHost's services.</summary>
    public required IServiceProvider Services { get; init; }
    /// <summary>The instance, as the caller named it.</summary>
    public required string ResourceName { get; init; }
    /// <summary>Ends when the caller does not want it any more.</summary>
    public required CancellationToken CancellationToken { get; init; }
    /// <summary>Writes into the resource's log.</summary>
    public required ILogger Logger { get; init; }
}

/// <summary>How a command is shown.</summary>
public class CommandOptions
{
    /// <summary>What it does.</summary>
    public string? Description { get; set; }
    /// <summary>What the dashboard asks before it runs.</summary>
    public string? ConfirmationMessage { get; set; }
    /// <summary>An icon of Fluent UI.</summary>
    public string? IconName { get; set; }
    /// <summary>Whether it can be run in the dashboard now; always, when null. Who runs it otherwise is not refused.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>What decides on the state of a command.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource as it is now.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }
}

/// <summary>Whether a command can be run, cannot just now, or makes no sense.</summary>
public enum ResourceCommandState { Enabled, Disabled, Hidden }

/// <summary>A command that the AppHost added.</summary>
internal sealed record ResourceCommand(string Name, string DisplayName, CommandOptions Options, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> Execute)
{
    public ResourceCommandSnapshot ToSnapshot(CustomResourceSnapshot resource) => new(
        Name, Options.UpdateState?.Invoke(new() { ResourceSnapshot = resource }) ?? ResourceCommandState.Enabled, DisplayName, Options.IconName ?? "", IsHighlighted: false)
    {
        Description = Options.Description ?? "",
        ConfirmationMessage = Options.ConfirmationMessage ?? "",
    };

    /// <summary>What it throws is its failure.</summary>
    public async Task<ExecuteCommandResult> RunAsync(ExecuteCommandContext context)
    {
        try
        {
            return await Execute(context);
        }
        catch (Exception exception)
        {
            return CommandResults.Failure(context.CancellationToken.IsCancellationRequested ? $"Command '{Name}' was cancelled." : exception.Message);
        }
    }
}
