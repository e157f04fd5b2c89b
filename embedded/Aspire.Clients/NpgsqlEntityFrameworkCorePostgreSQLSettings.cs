namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>Settings of a Postgres context, bound from Aspire:Npgsql:EntityFrameworkCore:PostgreSQL.</summary>
public class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>ConnectionStrings:{name} wins over it.</summary>
    public string? ConnectionString { get; set; }
    /// <summary>Turns EF Core's retrying execution strategy off.</summary>
    public bool DisableRetry { get; set; }
    /// <summary>Leaves the health check out.</summary>
    public bool DisableHealthChecks { get; set; }
    /// <summary>Leaves the spans of Npgsql out.</summary>
    public bool DisableTracing { get; set; }
    /// <summary>Leaves the meter of Npgsql out.</summary>
    public bool DisableMetrics { get; set; }
    /// <summary>Seconds a command may take; null keeps the connection string's value.</summary>
    public int? CommandTimeout { get; set; }
}
