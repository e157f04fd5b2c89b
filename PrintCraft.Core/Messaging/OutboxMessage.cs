using System.Text.Json;

namespace PrintCraft.Core.Messaging;

/// <summary>
/// A message to publish, written in the transaction that makes it true; the worker's relay publishes it and marks it sent.
/// A crash between publishing and marking publishes it again: every consumer must bear duplicates.
/// </summary>
public sealed class OutboxMessage
{
    /// <summary>Also the AMQP message id.</summary>
    public required Guid Id { get; init; }

    public required string Exchange { get; init; }

    public required string RoutingKey { get; init; }

    /// <summary>JSON.</summary>
    public required string Body { get; init; }

    /// <summary>W3C traceparent that the message continues.</summary>
    public string? TraceParent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A relay is publishing it until then; afterwards any relay may.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Work for a queue. It is published as mandatory, so that a missing queue is an error, not a silent loss.</summary>
    public static OutboxMessage Work(StartGeneration message, string? traceParent, DateTimeOffset now) =>
        Create(Topology.WorkExchange, Topology.GenerateKey, message, traceParent, now);

    /// <summary>A fact for whoever listens, which may be nobody.</summary>
    public static OutboxMessage Fact(GenerationFinished message, string? traceParent, DateTimeOffset now) =>
        Create(Topology.FactsExchange, Topology.GenerationFinishedKey, message, traceParent, now);

    private static OutboxMessage Create<T>(string exchange, string routingKey, T message, string? traceParent, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Exchange = exchange,
        RoutingKey = routingKey,
        Body = JsonSerializer.Serialize(message, JsonSerializerOptions.Web),
        TraceParent = traceParent,
        CreatedAt = now,
    };
}
