namespace PrintCraft.Core.Messaging;

/// <summary>A message that no consumer could take, moved from the dead-letter queue to where people can look at it and replay it.</summary>
public sealed class DeadLetter
{
    public required Guid Id { get; init; }

    /// <summary>The queue it died in.</summary>
    public required string Queue { get; init; }

    /// <summary>AMQP message id: a message that comes twice is kept once.</summary>
    public string? MessageId { get; init; }

    /// <summary>As text; what is no UTF-8 has replacement characters.</summary>
    public required string Body { get; init; }

    /// <summary>RabbitMQ's word: rejected, delivery_limit, expired or maxlen (https://www.rabbitmq.com/docs/dlx).</summary>
    public required string Reason { get; init; }

    /// <summary>If the body tells one.</summary>
    public Guid? GenerationId { get; init; }

    public required DateTimeOffset DiedAt { get; init; }

    public DateTimeOffset? ReplayedAt { get; init; }

    /// <summary>The new generation, when the old one had already ended.</summary>
    public Guid? ReplayedAs { get; init; }
}
