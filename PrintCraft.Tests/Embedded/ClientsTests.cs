using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Aspire.RabbitMQ.Client;
using Aspire.StackExchange.Redis;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using Npgsql;

using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

using StackExchange.Redis;

namespace PrintCraft.Tests.Embedded;

/// <summary>What Aspire's client packages register, from where they take their settings, and what they say when these are missing. No server is needed.</summary>
public sealed class ClientsTests
{
    private const string Postgres = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";
    private const string Redis = "Aspire:StackExchange:Redis";
    private const string RabbitMQ = "Aspire:RabbitMQ:Client";

    private static readonly string[] Layers = ["", ":db", ":Shop"];

    public sealed class Shop(DbContextOptions<Shop> options) : DbContext(options);

    [Fact]
    public void A_context_is_pooled_and_its_health_check_is_named_after_it()
    {
        var builder = Builder("ConnectionStrings:db=Host=here");
        builder.AddNpgsqlDbContext<Shop>("db");
        var services = Services(builder);

        Assert.Equal(
            [ServiceLifetime.Scoped, ServiceLifetime.Singleton],
            new[] { typeof(Shop), typeof(DbContextOptions<Shop>) }.Select(type => Single(builder, type).Lifetime));
        Assert.Same(InScope(), InScope());
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(NpgsqlDataSource));
        AssertCheck("Shop", builder);

        Shop InScope()
        {
            using var scope = services.CreateScope();
            return scope.ServiceProvider.GetRequiredService<Shop>();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_settings_of_a_context_come_from_section_connection_name_and_type_name_and_the_last_one_wins(int layers)
    {
        var builder = Builder([.. Layers.Take(layers).Select((layer, index) => $"{Postgres}{layer}:CommandTimeout={index + 1}"), "ConnectionStrings:db=Host=here"]);

        NpgsqlEntityFrameworkCorePostgreSQLSettings? settings = null;
        builder.AddNpgsqlDbContext<Shop>("db", given => settings = given);

        Assert.Equal(layers, settings!.CommandTimeout);
        Assert.Equal(layers, Context(builder).Database.GetCommandTimeout());
    }

    [Fact]
    public void The_connection_string_of_a_context_comes_from_its_own_place_and_the_delegate_has_the_last_word()
    {
        string[] sections = [$"{Postgres}:ConnectionString=Host=section", $"{Postgres}:db:ConnectionString=Host=named"];

        Assert.Equal("Host=named", Used(Builder(sections), null));
        Assert.Equal("Host=own", Used(Builder([.. sections, "ConnectionStrings:db=Host=own"]), null));
        Assert.Equal("Host=delegate", Used(Builder([.. sections, "ConnectionStrings:db=Host=own"]), settings => settings.ConnectionString = "Host=delegate"));

        static string? Used(HostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configure)
        {
            builder.AddNpgsqlDbContext<Shop>("db", configure);
            return Context(builder).Database.GetConnectionString();
        }
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_context_retries_unless_told_otherwise(bool disabled, bool retries)
    {
        var builder = Builder("ConnectionStrings:db=Host=here");
        builder.AddNpgsqlDbContext<Shop>("db", settings => settings.DisableRetry = disabled);

        Assert.Equal(retries, Context(builder).Database.CreateExecutionStrategy().RetriesOnFailure);
    }

    [Fact]
    public void A_context_without_connection_string_fails_at_first_use_and_says_where_it_belongs()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<Shop>("db");

        var error = Assert.Throws<InvalidOperationException>(() => Context(builder));

        Assert.Equal(
            "ConnectionString is missing. It should be provided in 'ConnectionStrings:db' or under the 'ConnectionString' key in "
            + $"'{Postgres}' or '{Postgres}:Shop' configuration section.",
            error.Message);
    }

    [Fact]
    public void A_context_that_is_registered_twice_is_refused_in_development()
    {
        var builder = Builder("environment=Development");
        builder.Services.AddDbContext<Shop>();

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddNpgsqlDbContext<Shop>("db"));

        Assert.Equal(
            "DbContext<Shop> is already registered. Please ensure 'services.AddDbContext<Shop>()' is not used when calling 'AddNpgsqlDbContext()' "
            + "or use the corresponding 'Enrich' method.",
            error.Message);
    }

    [Fact]
    public void Redis_is_one_connection_with_one_health_check_also_when_registered_twice()
    {
        var builder = Builder();
        builder.AddRedisClient("cache");
        builder.AddRedisClient("other");

        Assert.All(builder.Services.Where(service => service.ServiceType == typeof(IConnectionMultiplexer)), service => Assert.Equal(ServiceLifetime.Singleton, service.Lifetime));
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(IDatabase));
        AssertCheck("StackExchange.Redis", builder);
    }

    [Fact]
    public void The_settings_of_Redis_come_from_section_name_and_ConnectionStrings_and_the_last_one_wins()
    {
        string[] section = [$"{Redis}:ConnectionString=section:1", $"{Redis}:DisableTracing=true"];
        string[] named = [.. section, $"{Redis}:cache:ConnectionString=named:2", $"{Redis}:cache:DisableTracing=false"];
        string[] own = [.. named, "ConnectionStrings:cache=own:3"];

        Assert.Equal(("section:1", true), Given(section));
        Assert.Equal(("named:2", false), Given(named));
        Assert.Equal(("own:3", false), Given(own));

        static (string?, bool) Given(string[] lines)
        {
            StackExchangeRedisSettings? settings = null;
            Builder(lines).AddRedisClient("cache", given => settings = given);
            return (settings!.ConnectionString, settings.DisableTracing);
        }
    }

    [Fact]
    public void The_options_of_Redis_are_the_connection_string_then_both_sections_then_the_delegate()
    {
        var options = RedisOptions(
            ["ConnectionStrings:cache=server:7,connectTimeout=1,syncTimeout=1,keepAlive=1", $"{Redis}:ConfigurationOptions:SyncTimeout=2", $"{Redis}:ConfigurationOptions:KeepAlive=2", $"{Redis}:cache:ConfigurationOptions:KeepAlive=3"]);

        Assert.Equal((1, 2, 3), (options.ConnectTimeout, options.SyncTimeout, options.KeepAlive));
        Assert.Equal("server:7", options.EndPoints.Single().ToString()!.Split('/')[^1]);
    }

    [Theory]
    [InlineData("server", false)]
    [InlineData("server,abortConnect=true", true)]
    [InlineData("server, AbortConnect=false", false)]
    public void A_Redis_that_is_not_there_yet_is_waited_for_unless_the_string_says_otherwise(string connectionString, bool aborts)
    {
        Assert.Equal(aborts, RedisOptions([$"ConnectionStrings:cache={connectionString}"]).AbortOnConnectFail);
    }

    [Fact]
    public void Redis_without_connection_string_fails_at_first_use_and_says_where_it_belongs()
    {
        var builder = Builder();
        builder.AddRedisClient("cache");

        var error = Assert.Throws<InvalidOperationException>(() => Services(builder).GetRequiredService<IConnectionMultiplexer>());

        Assert.Equal(
            $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:cache' or for the '{Redis}:ConnectionString' configuration key.",
            error.Message);
    }

    [Fact]
    public void RabbitMQ_is_one_factory_one_connection_and_one_health_check()
    {
        var builder = Builder();
        builder.AddRabbitMQClient("mq");

        Assert.Equal(
            [ServiceLifetime.Singleton, ServiceLifetime.Singleton],
            new[] { typeof(IConnectionFactory), typeof(IConnection) }.Select(type => Single(builder, type).Lifetime));
        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(IChannel));
        AssertCheck("RabbitMQ.Client", builder);
    }

    [Fact]
    public void The_settings_of_RabbitMQ_come_from_section_name_and_ConnectionStrings_and_the_last_one_wins()
    {
        string[] section = [$"{RabbitMQ}:ConnectionString=amqp://section", $"{RabbitMQ}:MaxConnectRetryCount=1"];
        string[] named = [.. section, $"{RabbitMQ}:mq:ConnectionString=amqp://named", $"{RabbitMQ}:mq:MaxConnectRetryCount=2"];

        Assert.Equal((null, 5), Given([]));
        Assert.Equal(("amqp://section", 1), Given(section));
        Assert.Equal(("amqp://named", 2), Given(named));
        Assert.Equal(("amqp://own", 2), Given([.. named, "ConnectionStrings:mq=amqp://own"]));

        static (string?, int) Given(string[] lines)
        {
            RabbitMQClientSettings? settings = null;
            Builder(lines).AddRabbitMQClient("mq", given => settings = given);
            return (settings!.ConnectionString, settings.MaxConnectRetryCount);
        }
    }

    [Fact]
    public void The_factory_of_RabbitMQ_is_both_sections_then_the_address_then_the_delegate()
    {
        var builder = Builder(
            $"{RabbitMQ}:ConnectionFactory:ClientProvidedName=section", $"{RabbitMQ}:ConnectionFactory:HostName=lost", $"{RabbitMQ}:mq:ConnectionFactory:ClientProvidedName=named",
            "ConnectionStrings:mq=amqp://me:secret@server:7");
        builder.AddRabbitMQClient("mq", configureConnectionFactory: factory => factory.UserName += "-delegate");

        var factory = (ConnectionFactory)Services(builder).GetRequiredService<IConnectionFactory>();

        Assert.Equal(("server", 7, "me-delegate", "secret", "named"), (factory.HostName, factory.Port, factory.UserName, factory.Password, factory.ClientProvidedName));
    }

    [Fact]
    public void RabbitMQ_without_connection_string_fails_instead_of_trying_a_guest_on_localhost()
    {
        var builder = Builder();
        builder.AddRabbitMQClient("mq");

        var error = Assert.Throws<InvalidOperationException>(() => Services(builder).GetRequiredService<IConnection>());

        Assert.Equal(
            $"ConnectionString is missing. It should be provided in 'ConnectionStrings:mq' or under the 'ConnectionString' key in '{RabbitMQ}' configuration section.",
            error.Message);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_unhealthy_with_the_reason()
    {
        var builder = Builder("ConnectionStrings:mq=amqp://localhost:1");
        builder.AddRabbitMQClient("mq", settings => settings.MaxConnectRetryCount = 0);

        var report = await Services(builder).GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["RabbitMQ.Client"].Status);
        Assert.IsType<BrokerUnreachableException>(report.Entries["RabbitMQ.Client"].Exception);
    }

    [Fact]
    public void What_is_switched_off_is_not_registered()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<Shop>("db", settings => settings.DisableHealthChecks = settings.DisableTracing = settings.DisableMetrics = true);
        builder.AddRedisClient("cache", settings => settings.DisableHealthChecks = settings.DisableTracing = true);
        builder.AddRabbitMQClient("mq", settings => settings.DisableHealthChecks = settings.DisableTracing = true);

        Assert.DoesNotContain(builder.Services, service => service.ServiceType == typeof(HealthCheckService));
        Assert.DoesNotContain(builder.Services, service => service.ServiceType.FullName!.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_connection_needs_a_name(string? name)
    {
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddNpgsqlDbContext<Shop>(name!));
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddRedisClient(name!));
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddRabbitMQClient(name!));
    }

    /// <summary>What would be connected with; the delegate, which is the last, stops it there.</summary>
    private static ConfigurationOptions RedisOptions(string[] lines)
    {
        ConfigurationOptions? options = null;
        var builder = Builder(lines);
        builder.AddRedisClient("cache", configureOptions: given =>
        {
            options = given;
            throw new NotSupportedException();
        });
        Assert.Throws<NotSupportedException>(() => Services(builder).GetRequiredService<IConnectionMultiplexer>());
        return options!;
    }

    private static void AssertCheck(string name, HostApplicationBuilder builder)
    {
        var check = Services(builder).GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Single();

        Assert.Equal((name, HealthStatus.Unhealthy, Timeout.InfiniteTimeSpan), (check.Name, check.FailureStatus, check.Timeout));
        Assert.Empty(check.Tags);
    }

    private static ServiceDescriptor Single(HostApplicationBuilder builder, Type type) => builder.Services.Single(service => service.ServiceType == type && !service.IsKeyedService);

    private static Shop Context(HostApplicationBuilder builder) => Services(builder).CreateScope().ServiceProvider.GetRequiredService<Shop>();

    private static ServiceProvider Services(HostApplicationBuilder builder) => builder.Services.BuildServiceProvider();

    /// <summary>A host that knows nothing but the given lines.</summary>
    private static HostApplicationBuilder Builder(params string[] lines)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(lines.Select(line => line.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
        return Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
    }
}
