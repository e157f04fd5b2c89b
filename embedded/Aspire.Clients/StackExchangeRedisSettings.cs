namespace Aspire.StackExchange.Redis;

/// <summary>Settings of the Redis client, bound from Aspire:StackExchange:Redis.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>ConnectionStrings:{name} wins over it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Leaves the spans of commands out.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True connects at first use, false when the host starts.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
