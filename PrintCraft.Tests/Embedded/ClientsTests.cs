using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using static PrintCraft.Tests.Embedded.BareHost;

namespace PrintCraft.Tests.Embedded;

/// <summary>What holds for every client. The same holds with the real package.</summary>
public sealed class ClientsTests
{
    [Fact]
    public void What_is_switched_off_is_not_registered()
    {
        var builder = Builder();
        builder.AddNpgsqlDbContext<ContextClientTests.Shop>("db", settings => settings.DisableHealthChecks = settings.DisableTracing = settings.DisableMetrics = true);
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
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddNpgsqlDbContext<ContextClientTests.Shop>(name!));
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddRedisClient(name!));
        Assert.ThrowsAny<ArgumentException>(() => Builder().AddRabbitMQClient(name!));
    }
}
