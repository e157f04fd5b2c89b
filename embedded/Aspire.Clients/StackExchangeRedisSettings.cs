namespace Aspire.StackExchange.Redis;

/// <summary>Settings of the Redis client, bound from Aspire:StackExchange:Redis. It connects at first use; there is no switch for the start.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>ConnectionStrings:{name} wins over it.</summary>
    public string? ConnectionString { get; set; }
    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }
    /// <summary>Leaves the spans of commands out.</summary>
    public bool DisableTracing { get; set; }
}
