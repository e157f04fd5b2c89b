using Aspire.StackExchange.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using StackExchange.Redis;

using static PrintCraft.Tests.Embedded.BareHost;

namespace PrintCraft.Tests.Embedded;

/// <summary>What <c>AddRedisClient</c> registers and where its settings come from. The same holds with the real package.</summary>
public sealed class RedisClientTests
{
    private const string Redis = "Aspire:StackExchange:Redis";

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
}
