using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>What is done to everything that is stored.</summary>
internal static class DatabaseCommands
{
    public static IResourceBuilder<PostgresDatabaseResource> WithDatabaseCommands(this IResourceBuilder<PostgresDatabaseResource> database, WorkerProgram worker) => database
        .WithDevelopmentCommand(
            "run-ledger-check",
            "Run ledger check",
            new() { Description = "Looks whether every credit, job and image is accounted for (the invariants).", IconName = "CheckmarkCircle" },
            async (context, cancellationToken) => await worker.RunAsync("check-invariants", context.Logger, cancellationToken) is var (code, output) && code == 0
                ? Done(output)
                : CommandResults.Failure($"{output} What to do: docs/operations.md, An invariant is broken."))
        .WithDevelopmentCommand(
            "reset-database",
            "Reset database",
            new()
            {
                Description = "Stops api and workers, empties every table, the queues, Redis and the image folder, and starts them again.",
                IconName = "DatabaseWarning",
                ConfirmationMessage = "Every user, job, credit and image of this checkout will be gone. Go on?",
            },
            (context, cancellationToken) => ResetAsync(worker, [.. database.ApplicationBuilder.Resources.OfType<ProjectResource>()], context, cancellationToken));

    /// <summary>
    /// With every project stopped nobody can bring old work back: the API and the workers from memory, the simulator by a webhook. A crash in between
    /// leaves them stopped, and what is still there: start them, or reset again.
    /// </summary>
    private static async Task<ExecuteCommandResult> ResetAsync(
        WorkerProgram worker, IReadOnlyCollection<IResource> projects, ExecuteCommandContext context, CancellationToken cancellationToken)
    {
        var instances = new Instances(context);
        var running = await instances.RunningAsync(projects, cancellationToken);
        var (code, output) = (0, "");
        try
        {
            await Task.WhenAll(running.Select(one => instances.StopAsync(one, cancellationToken)));
            (code, output) = await worker.RunAsync("reset", context.Logger, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(running.Select(instances.StartAsync));
        }

        await Task.WhenAll(running.Select(one => instances.HealthyAsync(one, cancellationToken)));
        var names = string.Join(", ", running.Select(one => one.Resource.Name).Distinct());
        return code == 0 ? Done($"{output} {names} run again.") : CommandResults.Failure($"{output} {names} run again. Mend it and reset again: part of the data may be gone.");
    }
}
