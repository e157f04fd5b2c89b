using System.Diagnostics;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>What is done to RabbitMQ: it moves work and owns none.</summary>
internal static class BrokerCommands
{
    public static IResourceBuilder<RabbitMQServerResource> WithBrokerCommands(this IResourceBuilder<RabbitMQServerResource> rabbitmq, WorkerProgram worker)
    {
        var time = rabbitmq.ApplicationBuilder.Time("BrokerDown", seconds: 30);
        return rabbitmq
            .WithDevelopmentCommand(
                "purge-queue",
                "Purge queue",
                new() { Description = "Empties the queues. Jobs stay: Postgres owns them.", IconName = "Broom", ConfirmationMessage = "The messages will be gone; the jobs start later. Go on?" },
                async (context, cancellationToken) => await worker.RunAsync("purge-queue", context.Logger, cancellationToken) is var (code, output) && code == 0
                    ? Done(output)
                    : CommandResults.Failure(output))
            .WithDevelopmentCommand(
                "fault-drop-broker",
                $"Fault: drop broker {time.TotalSeconds:0} s",
                new()
                {
                    Description = $"Stops RabbitMQ and starts it again {time.TotalSeconds:0} s later. The API goes on taking orders.",
                    IconName = "PlugDisconnected",
                    ConfirmationMessage = $"RabbitMQ will be away for {time.TotalSeconds:0} s. Go on?",
                },
                (context, cancellationToken) => DropAsync(time, context, cancellationToken));
    }

    private static async Task<ExecuteCommandResult> DropAsync(TimeSpan time, ExecuteCommandContext context, CancellationToken cancellationToken)
    {
        var instances = new Instances(context);
        var broker = instances.This();
        var started = Stopwatch.GetTimestamp();
        try
        {
            await instances.StopAsync(broker, cancellationToken);
            context.Logger.Tell($"RabbitMQ is away for {time.TotalSeconds:0} s.");
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            await instances.StartAsync(broker);
        }

        await instances.HealthyAsync(broker, cancellationToken);
        return Done($"RabbitMQ was away for {time.TotalSeconds:0} s and is back after {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s with its queues. Orders of the meantime are in Postgres and go on.");
    }
}
