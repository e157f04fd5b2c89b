using Aspire.RabbitMQ.Client;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

using static PrintCraft.Tests.Embedded.BareHost;

namespace PrintCraft.Tests.Embedded;

/// <summary>What <c>AddRabbitMQClient</c> registers and where its settings come from. The same holds with the real package.</summary>
public sealed class RabbitMQClientTests
{
    private const string RabbitMQ = "Aspire:RabbitMQ:Client";

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
}
