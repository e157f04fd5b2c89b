using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using Aspire.Hosting;
using Aspire.Hosting.Testing;

using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>What a scenario has of its own on the shared graph's servers: a database, a vhost, a Redis database. Made in milliseconds.</summary>
internal sealed class ScenarioServers : IAsyncDisposable
{
    private const string Template = "faults_template";
    /// <summary>How the processes' sessions are known in pg_stat_activity.</summary>
    public const string Application = "fault-scenario";

    private const int RedisDatabases = 15;

    private static readonly Lazy<Task<NpgsqlConnectionStringBuilder>> Migrated = new(MigrateTemplateAsync);
    private static readonly SemaphoreSlim OneCopy = new(1);
    private static int _made;

    private readonly HttpClient _management;
    private readonly string _name;
    private readonly NpgsqlConnectionStringBuilder _postgres;
    private readonly Uri _rabbitMq;
    private readonly string[] _redis;
    private readonly int _redisDatabase;

    private ScenarioServers(string name, HttpClient management, NpgsqlConnectionStringBuilder postgres, Uri rabbitMq, string redis)
    {
        (_name, _management, _postgres, _rabbitMq, _redis) = (name, management, postgres, rabbitMq, redis.Split(','));
        _redisDatabase = 1 + (Interlocked.Increment(ref _made) % RedisDatabases);
        var (redisHost, redisPort) = (_redis[0].Split(':')[0], int.Parse(_redis[0].Split(':')[1], CultureInfo.InvariantCulture));
        Postgres = TcpProxy.To(_postgres.Host!, _postgres.Port);
        RabbitMq = TcpProxy.To(rabbitMq.Host, rabbitMq.Port);
        Redis = TcpProxy.To(redisHost, redisPort);
        Sql = new Database(new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name, MaxPoolSize = 5, CommandTimeout = 120 }.ConnectionString);
    }

    public TcpProxy Postgres { get; }

    public TcpProxy RabbitMq { get; }

    public TcpProxy Redis { get; }

    /// <summary>The database, past its proxy.</summary>
    public Database Sql { get; }

    public string PostgresConnection => new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Host = "127.0.0.1", Port = Postgres.Port, Database = _name, ApplicationName = Application, Timeout = 3 }.ConnectionString;

    public string RabbitMqConnection => new UriBuilder(_rabbitMq) { Host = "127.0.0.1", Port = RabbitMq.Port, Path = $"/{_name}" }.Uri.ToString();

    public string RedisConnection => string.Join(',', [$"127.0.0.1:{Redis.Port}", .. _redis.Skip(1), $"defaultDatabase={_redisDatabase}"]);

    /// <summary>Redis, past its proxy.</summary>
    public string RedisDirect => string.Join(',', [.. _redis, $"defaultDatabase={_redisDatabase}", "allowAdmin=true"]);

    public static async Task<ScenarioServers> CreateAsync()
    {
        var app = (await Scenario.Graph()).App;
        var template = await Migrated.Value;
        var name = $"fault_{Guid.NewGuid():n}";
        await OneCopy.WaitAsync();
        try
        {
            await new Database(template.ConnectionString).ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        }
        finally
        {
            OneCopy.Release();
        }

        var rabbitMq = new Uri((await app.GetConnectionStringAsync("rabbitmq"))!);
        var management = new HttpClient { BaseAddress = app.GetEndpoint("rabbitmq", "management"), Timeout = TimeSpan.FromSeconds(30) };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(rabbitMq.UserInfo))));
        var user = Uri.UnescapeDataString(rabbitMq.UserInfo.Split(':')[0]);
        (await management.PutAsJsonAsync($"/api/vhosts/{name}", new { })).EnsureSuccessStatusCode();
        (await management.PutAsJsonAsync($"/api/permissions/{name}/{user}", new { configure = ".*", write = ".*", read = ".*" })).EnsureSuccessStatusCode();
        return new ScenarioServers(name, management, template, rabbitMq, (await app.GetConnectionStringAsync("redis"))!);
    }

    /// <summary>Publishes whatever it is, as a sender that is not ours.</summary>
    public async Task PublishAsync(string exchange, string routingKey, string payload)
    {
        using var answer = await _management.PostAsJsonAsync(
            $"/api/exchanges/{_name}/{exchange}/publish", new { properties = new { delivery_mode = 2 }, routing_key = routingKey, payload, payload_encoding = "string" });
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("routed").GetBoolean());
    }

    /// <summary>Messages that wait in a queue of the vhost; the broker counts them every few seconds.</summary>
    public async Task<int> QueueDepthAsync(string queue)
    {
        using var answer = await _management.PostAsJsonAsync($"/api/queues/{_name}/{queue}/get", new { count = 1000, ackmode = "ack_requeue_true", encoding = "auto" });
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<object[]>())!.Length : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Redis.DisposeAsync();
        using (await _management.DeleteAsync($"/api/vhosts/{_name}"))
        {
            _management.Dispose();
        }

        await using (var connection = new NpgsqlConnection(Sql.ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await new Database(_postgres.ConnectionString).ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    private static async Task<NpgsqlConnectionStringBuilder> MigrateTemplateAsync()
    {
        var app = await Scenario.Graph();
        var server = new NpgsqlConnectionStringBuilder((await app.DatabaseAsync()).ConnectionString);
        await new Database(server.ConnectionString).ExecuteAsync($"CREATE DATABASE {Template}");
        // Without a pool: a database that somebody is connected to cannot be copied.
        await using var db = ScratchDatabase.Context(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = Template, Pooling = false }.ConnectionString);
        await db.Database.MigrateAsync();
        return server;
    }
}
