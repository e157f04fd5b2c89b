using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using RabbitMQ.Client;
using StackExchange.Redis;

namespace Aspire.Hosting.Embedded;

/// <summary>The checks that decide whether a resource is healthy: each makes a real connection and ends it.</summary>
internal static class HealthChecks
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout };

    public static void Add(IServiceCollection services, string key, Func<CancellationToken, Task> check) =>
        services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            await check(cancellationToken);
            return HealthCheckResult.Healthy();
        }, tags: [], timeout: Timeout);

    public static void AddHttp(IServiceCollection services, string key, Func<Uri> address, int statusCode) =>
        services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            using var response = await Http.GetAsync(address(), cancellationToken);
            return (int)response.StatusCode == statusCode
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"GET {address()} answered {(int)response.StatusCode}, expected {statusCode}.");
        }, tags: []);

    public static async Task CheckPostgresAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Timeout=5");
        await connection.OpenAsync(cancellationToken);
    }

    public static async Task CheckRedisAsync(string connectionString)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},abortConnect=true,connectTimeout=5000");
        await connection.GetDatabase().PingAsync();
    }

    public static async Task CheckRabbitMQAsync(string connectionString, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(connectionString), RequestedConnectionTimeout = TimeSpan.FromSeconds(5) };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    public static async Task CreateDatabaseAsync(string serverConnectionString, string name, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{serverConnectionString};Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await known.ExecuteScalarAsync(cancellationToken) is null)
        {
            var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(name);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {quoted}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
