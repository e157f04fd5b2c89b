namespace Aspire.RabbitMQ.Client;

/// <summary>Settings of the RabbitMQ client, bound from Aspire:RabbitMQ:Client. It connects at first use; there is no switch for the start.</summary>
public sealed class RabbitMQClientSettings
{
    /// <summary>An amqp address; ConnectionStrings:{name} wins over it.</summary>
    public string? ConnectionString { get; set; }
    /// <summary>How often a failed connect is tried again, after 1, 2, 4… seconds; 0 never.</summary>
    public int MaxConnectRetryCount { get; set; } = 5;
    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }
    /// <summary>Leaves the spans of connecting, publishing and delivery out.</summary>
    public bool DisableTracing { get; set; }
}
