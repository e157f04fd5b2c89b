using System.Globalization;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using PrintCraft.Client;

using Refit;

namespace PrintCraft.AppHost.Commands;

/// <summary>
/// A button of the dashboard for people who develop PrintCraft. It may be pressed again, says what it did, and when it could not, what to do. It is there
/// in Development and Testing only.
/// </summary>
internal static partial class DevelopmentCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static bool IsAvailable(IHostEnvironment environment) => environment.IsDevelopment() || environment.IsEnvironment("Testing");

    /// <param name="name">As ResourceCommandService knows it.</param>
    /// <param name="title">As the dashboard shows it.</param>
    /// <param name="options">What it does, its icon, and for one that destroys what to ask before.</param>
    public static IResourceBuilder<T> WithDevelopmentCommand<T>(
        this IResourceBuilder<T> builder, string name, string title, CommandOptions options, Func<ExecuteCommandContext, CancellationToken, Task<ExecuteCommandResult>> run)
        where T : IResource
    {
        if (!IsAvailable(builder.ApplicationBuilder.Environment))
        {
            return builder;
        }

        options.UpdateState = context => IsRunning(context.ResourceSnapshot) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        var gate = new SemaphoreSlim(1);
        return builder.WithCommand(name, title, context => RunAsync(title, gate, run, context), options);
    }

    /// <summary>It is done; the dashboard shows the text at once.</summary>
    public static ExecuteCommandResult Done(string text) => CommandResults.Success(text, new CommandResultData { Value = text, DisplayImmediately = true });

    /// <summary>A time that tests shorten: section Commands of the AppHost.</summary>
    public static TimeSpan Time(this IDistributedApplicationBuilder builder, string name, int seconds) =>
        builder.Configuration[$"Commands:{name}"] is { } wanted ? TimeSpan.Parse(wanted, CultureInfo.InvariantCulture) : TimeSpan.FromSeconds(seconds);

    public static bool IsRunning(CustomResourceSnapshot snapshot) => snapshot.State?.Text == KnownResourceStates.Running;

    /// <summary>How far it came, into the log of the resource.</summary>
    [LoggerMessage(LogLevel.Information, "{Progress}")]
    public static partial void Tell(this ILogger logger, string progress);

    private static async Task<ExecuteCommandResult> RunAsync(
        string title, SemaphoreSlim gate, Func<ExecuteCommandContext, CancellationToken, Task<ExecuteCommandResult>> run, ExecuteCommandContext context)
    {
        if (!gate.Wait(0, CancellationToken.None))
        {
            return CommandResults.Failure($"{title} runs already: wait for its end.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return WhyNot(context) is { } reason ? CommandResults.Failure($"{title} {reason}") : await run(context, limit.Token);
        }
        catch (ApiException exception)
        {
            var problem = exception.ProblemOf();
            return CommandResults.Failure($"The API answered {(int)exception.StatusCode} {problem?.Error.Code}: {problem?.Error.Message} Trace {problem?.TraceId}.");
        }
        catch (HttpRequestException exception)
        {
            return CommandResults.Failure($"{exception.Message} Look at the log of {context.ResourceName}, and try again when it is healthy.");
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            return CommandResults.Failure($"{title} was not done within {Limit.TotalMinutes:0} minutes. The logs of the resources say what is missing; it may be run again.");
        }
        catch (OperationCanceledException)
        {
            context.Logger.Tell($"{title} was cancelled.");
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Null when the resource runs, which the dashboard's buttons need; others than the dashboard are not kept from trying.</summary>
    private static string? WhyNot(ExecuteCommandContext context)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        return !notifications.TryGetCurrentState(context.ResourceName, out var current) ? $"needs one instance: name it as the dashboard does, such as {context.ResourceName}-abcdefgh."
            : IsRunning(current.Snapshot) ? null
            : $"needs {context.ResourceName}, which is {current.Snapshot.State?.Text}: start it first.";
    }
}
