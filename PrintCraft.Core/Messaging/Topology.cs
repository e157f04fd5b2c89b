using RabbitMQ.Client;

namespace PrintCraft.Core.Messaging;

/// <summary>
/// Exchanges and queues. Publisher and consumer both declare them, so either may start first.
/// Quorum queues with an explicit delivery limit: the default differs between RabbitMQ 3.10 (none) and 4.x (20). At-least-once
/// dead-lettering needs overflow=reject-publish. The attempt limit that counts is the database's; this one only ends poison messages.
/// Source: https://www.rabbitmq.com/docs/quorum-queues; tried on 3.10.8.
/// </summary>
public static class Topology
{
    /// <summary>Work, one queue per kind.</summary>
    public const string WorkExchange = "printcraft.work";

    /// <summary>Facts, for whoever binds a queue.</summary>
    public const string FactsExchange = "printcraft.facts";

    public const string GenerationQueue = "generation";
    public const string GenerateKey = "generate";
    public const string GenerationFinishedKey = "generation.finished";

    /// <summary>Redis channel that says "there is work": it saves the relay its next poll and may be lost.</summary>
    public const string WorkSignal = "printcraft:work";

    /// <summary>Redis channel that says whose jobs have new events, by user id; several are joined by commas. A hint too.</summary>
    public const string EventSignal = "printcraft:events";

    private const string DeadExchange = "printcraft.dead";
    /// <summary>Where what no consumer could take lies until it is written down.</summary>
    public const string DeadQueue = GenerationQueue + ".dlq";
    private const int DeliveryLimit = 5;

    public static async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(WorkExchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(FactsExchange, ExchangeType.Topic, durable: true, cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(DeadExchange, ExchangeType.Direct, durable: true, cancellationToken: cancellationToken);

        await channel.QueueDeclareAsync(
            DeadQueue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments: new Dictionary<string, object?> { ["x-queue-type"] = "quorum" },
            cancellationToken: cancellationToken);
        await channel.QueueBindAsync(DeadQueue, DeadExchange, GenerateKey, cancellationToken: cancellationToken);

        await channel.QueueDeclareAsync(
            GenerationQueue,
            durable: true,
            exclusive: false,
            autoDelete: false,
            arguments: new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = DeliveryLimit,
                ["x-dead-letter-exchange"] = DeadExchange,
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
            },
            cancellationToken: cancellationToken);
        await channel.QueueBindAsync(GenerationQueue, WorkExchange, GenerateKey, cancellationToken: cancellationToken);
    }
}
