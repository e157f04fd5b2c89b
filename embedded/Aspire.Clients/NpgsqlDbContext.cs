namespace Microsoft.Extensions.Hosting;

/// <summary>Postgres through EF Core, as package Aspire.Npgsql.EntityFrameworkCore.PostgreSQL registers it.</summary>
public static class AspireEFPostgreSqlExtensions
{
    private const string SectionName = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    /// <summary>Adds a pooled context with retries, health check, traces and metrics. A missing connection string fails at first use.</summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var name = typeof(TContext).Name;
        if (builder.Environment.IsDevelopment() && builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>)))
        {
            throw new InvalidOperationException(
                $"DbContext<{name}> is already registered. Please ensure 'services.AddDbContext<{name}>()' is not used when calling " +
                $"'{nameof(AddNpgsqlDbContext)}()' or use the corresponding 'Enrich' method.");
        }

        var settings = builder.ReadSettings<NpgsqlEntityFrameworkCorePostgreSQLSettings>(SectionName, connectionName, name);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString) && !EF.IsDesignTime)
            {
                throw ClientRegistration.MissingConnectionString(connectionName, $"'{SectionName}' or '{SectionName}:{name}'");
            }

            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                npgsql.CommandTimeout(settings.CommandTimeout);
                if (!settings.DisableRetry)
                {
                    npgsql.EnableRetryOnFailure();
                }
            });
            configureDbContextOptions?.Invoke(options);
        });

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck(name, checks => checks.AddDbContextCheck<TContext>());
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("Npgsql"));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        }
    }
}
