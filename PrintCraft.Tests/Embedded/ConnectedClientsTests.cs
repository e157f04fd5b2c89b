using System.Diagnostics;

using Aspire.Hosting.Testing;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

using OpenTelemetry;
using OpenTelemetry.Trace;

using PrintCraft.Core.Data;
using PrintCraft.Tests.Infrastructure;

using RabbitMQ.Client;

using StackExchange.Redis;

namespace PrintCraft.Tests.Embedded;

/// <summary>The three clients on the real servers of the shared graph: healthy, and every call is a span of its caller's trace.</summary>
public sealed class ConnectedClientsTests
{
    private static readonly ActivitySource Source = new("PrintCraft.Tests.ConnectedClients");

    [Fact]
    public async Task Every_client_is_healthy_and_traces_what_it_does()
    {
        var app = await PrintCraftApp.GetAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        foreach (var name in new[] { "printcraftdb", "redis", "rabbitmq" })
        {
            builder.Configuration[$"ConnectionStrings:{name}"] = await app.App.GetConnectionStringAsync(name);
        }

        builder.AddNpgsqlDbContext<PrintCraftDb>("printcraftdb");
        builder.AddRedisClient("redis");
        builder.AddRabbitMQClient("rabbitmq");
        var spans = new KeptSpans();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(Source.Name).SetSampler(new AlwaysOnSampler()).AddProcessor(new SimpleActivityExportProcessor(spans)));
        HealthReport report;
        ActivityTraceId trace;
        using (var host = builder.Build())
        {
            await host.StartAsync();
            using (var caller = Source.StartActivity("caller"))
            {
                trace = caller!.TraceId;
                report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
                await using var scope = host.Services.CreateAsyncScope();
                Assert.True(await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().Database.CanConnectAsync());
                await host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().StringGetAsync("nothing");
                Assert.True(host.Services.GetRequiredService<IConnection>().IsOpen);
                await host.Services.GetRequiredService<IConnection>().CloseAsync();
            }

            await host.StopAsync();
        }

        Assert.Equal(["PrintCraftDb", "RabbitMQ.Client", "StackExchange.Redis"], report.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.All(report.Entries.Values, check => Assert.Equal(HealthStatus.Healthy, check.Status));
        var names = spans.Where(span => span.TraceId == trace).Select(span => (span.Source.Name, span.DisplayName)).ToList();
        Assert.Contains(("Aspire.RabbitMQ.Client", "rabbitmq connect"), names);
        Assert.Contains(("Aspire.RabbitMQ.Client", "rabbitmq connect attempt"), names);
        Assert.Contains(("OpenTelemetry.Instrumentation.StackExchangeRedis", "GET"), names);
        Assert.Contains(names, name => name.Name == "Npgsql");
        Assert.All(spans.Where(span => span.TraceId == trace).Where(span => span.DisplayName == "GET"), span => Assert.Equal(("redis", "GET"), (span.GetTagItem("db.system"), span.GetTagItem("db.statement"))));
    }
}
