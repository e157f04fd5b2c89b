using Microsoft.Extensions.Diagnostics.HealthChecks;

using Npgsql;

using PrintCraft.Core.Data;

namespace PrintCraft.Worker;

internal static class Database
{
    /// <summary>Then the look has failed, and is repeated.</summary>
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Registers the connections of <see cref="HotPath"/>, with a health check.</summary>
    public static WebApplicationBuilder AddHotPath(this WebApplicationBuilder builder)
    {
        builder.Services.AddKeyedSingleton(
            HotPath.Key, (_, _) => HotPath.Open(builder.Configuration.GetConnectionString(PrintCraftDb.ConnectionName), 15, LockTimeout));
        builder.Services.AddHealthChecks().AddCheck<Answers>(nameof(PrintCraftDb));
        return builder;
    }

    /// <summary>Healthy when the database answers.</summary>
    private sealed class Answers([FromKeyedServices(HotPath.Key)] NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
