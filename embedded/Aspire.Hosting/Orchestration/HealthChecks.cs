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
        Add(services, key, async cancellationToken =>
        {
            using var response = await Http.GetAsync(address(), cancellationToken);
            if ((int)response.StatusCode != statusCode)
            {
                throw new HttpRequestException($"GET {address()} answered {(int)response.StatusCode}, expected {statusCode}.");
            }
        });

    public static async Task ConnectPostgresAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false;Timeout=5");
        await connection.OpenAsync(cancellationToken);
    }

    public static async Task ConnectRedisAsync(string connectionString, CancellationToken cancellationToken)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},abortConnect=true,connectTimeout=5000").WaitAsync(cancellationToken);
        await connection.GetDatabase().PingAsync();
    }

    public static async Task ConnectRabbitMQAsync(string connectionString, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(connectionString), RequestedConnectionTimeout = TimeSpan.FromSeconds(5) };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await connection.CloseAsync(cancellationToken);
    }

    public static async Task CreateDatabaseAsync(string connectionString, string name, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Database=postgres;Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var known = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = name } } };
        if (await known.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(name)}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
