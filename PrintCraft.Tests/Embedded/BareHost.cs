using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PrintCraft.Tests.Embedded;

/// <summary>Hosts that know nothing but the lines a test gives them, and what is registered there.</summary>
internal static class BareHost
{
    public static void AssertCheck(string name, HostApplicationBuilder builder)
    {
        var check = Services(builder).GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Single();

        Assert.Equal((name, HealthStatus.Unhealthy, Timeout.InfiniteTimeSpan), (check.Name, check.FailureStatus, check.Timeout));
        Assert.Empty(check.Tags);
    }

    public static ServiceDescriptor Single(HostApplicationBuilder builder, Type type) => builder.Services.Single(service => service.ServiceType == type && !service.IsKeyedService);

    public static ServiceProvider Services(HostApplicationBuilder builder) => builder.Services.BuildServiceProvider();

    /// <summary>A host that knows nothing but the given lines.</summary>
    public static HostApplicationBuilder Builder(params string[] lines)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(lines.Select(line => line.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
        return Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { Configuration = configuration });
    }
}
