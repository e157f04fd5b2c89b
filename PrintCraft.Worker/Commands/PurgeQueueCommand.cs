using Microsoft.Extensions.Options;

using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PrintCraft.Worker.Commands;

/// <summary>`PrintCraft.Worker purge-queue`: empties the queues. 0 when done, 2 when it could not. In Development and Testing only.</summary>
internal static class PurgeQueueCommand
{
    public static Task<int> RunAsync(string[] args) => CommandHost.RunForDevelopersAsync(args, "purge-queue", async (_, services) =>
    {
        if (await PurgeAsync(services, CancellationToken.None) is not { } count)
        {
            return CommandHost.NotPossible;
        }

        var grace = services.GetRequiredService<IOptions<GenerationPolicy>>().Value.QueueGrace;
        Console.WriteLine($"{count} messages dropped. No job is lost: Postgres owns them, and a worker takes up what still waits {grace.TotalSeconds:0} s after its order.");
        return 0;
    });

    /// <summary>How many messages were dropped; null, after one line, when the broker does not answer.</summary>
    public static async Task<long?> PurgeAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            var address = services.GetRequiredService<IConfiguration>().GetConnectionString("rabbitmq") ?? throw new UriFormatException("It is missing.");
            var factory = new ConnectionFactory { Uri = new Uri(address) };
            await using var connection = await factory.CreateConnectionAsync(cancellationToken);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            // Declared first: before the first worker there is nothing to empty.
            await Topology.DeclareAsync(channel, cancellationToken);
            return await channel.QueuePurgeAsync(Topology.GenerationQueue, cancellationToken) + (long)await channel.QueuePurgeAsync(Topology.DeadQueue, cancellationToken);
        }
        catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or UriFormatException)
        {
            await Console.Error.WriteLineAsync($"RabbitMQ does not answer: {exception.GetBaseException().Message} Check ConnectionStrings:rabbitmq and that it runs.");
            return null;
        }
    }
}
