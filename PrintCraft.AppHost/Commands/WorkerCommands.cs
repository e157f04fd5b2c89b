using System.Diagnostics;
using System.Globalization;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>What is done to a worker process.</summary>
internal static class WorkerCommands
{
    public static IResourceBuilder<ProjectResource> WithWorkerCommands(this IResourceBuilder<ProjectResource> worker)
    {
        var pause = worker.ApplicationBuilder.Time("WorkerDown", seconds: 3);
        return worker.WithDevelopmentCommand(
            "fault-kill-worker",
            "Fault: kill worker",
            new()
            {
                Description = $"Kills this worker's process (SIGKILL) and starts it again {pause.TotalSeconds:0} s later. Its jobs go on.",
                IconName = "Skull",
                ConfirmationMessage = "The process will be killed in the middle of its work. Go on?",
            },
            (context, cancellationToken) => KillAsync(pause, context, cancellationToken));
    }

    private static async Task<ExecuteCommandResult> KillAsync(TimeSpan pause, ExecuteCommandContext context, CancellationToken cancellationToken)
    {
        var instances = new Instances(context);
        var worker = instances.This();
        if (ProcessId(worker) is not { } victim)
        {
            return CommandResults.Failure($"{worker.ResourceId} shows no process id (executable.pid). Restart it, and try again.");
        }

        try
        {
            // With what it started: Aspire runs a project through dotnet run.
            using (var process = Process.GetProcessById(victim))
            {
                process.Kill(entireProcessTree: true);
            }

            context.Logger.Tell($"Killed pid {victim}.");
            await instances.EndedAsync(worker, cancellationToken);
            await Task.Delay(pause, cancellationToken);
        }
        finally
        {
            await instances.StartAsync(worker);
        }

        var again = ProcessId(await instances.HealthyAsync(worker, cancellationToken));
        return Done($"Killed pid {victim}, running again after {pause.TotalSeconds:0} s as pid {again}. What it worked on goes on: at once with another worker or by a webhook, else when its lease ends.");
    }

    private static int? ProcessId(ResourceEvent instance) =>
        instance.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } id ? Convert.ToInt32(id, CultureInfo.InvariantCulture) : null;
}
