using System.Text.Json;

using Microsoft.Extensions.Diagnostics.HealthChecks;

using Npgsql;

using PrintCraft.Api.Telemetry;

namespace PrintCraft.Tests.Telemetry;

public sealed class HealthDetailsTests
{
    private const string Canary = "canary-of-a-password";

    [Fact]
    public void Whatever_a_check_says_only_names_states_times_and_kinds_of_failure_are_shown()
    {
        var failure = new InvalidOperationException($"Host=db;Password={Canary}", new NpgsqlException($"password {Canary} refused"));
        var entry = new HealthReportEntry(
            HealthStatus.Unhealthy, $"Server=db;Password={Canary}", TimeSpan.FromMilliseconds(12.34), failure, new Dictionary<string, object> { ["connection"] = Canary }, [Canary]);
        var report = new HealthReport(new Dictionary<string, HealthReportEntry> { ["db"] = entry }, TimeSpan.FromMilliseconds(20));

        var shown = HealthResource.Of(report);

        Assert.Equal((HealthStatus.Unhealthy, 20), (shown.Status, shown.Duration));
        Assert.Equal([new HealthCheckResource("db", HealthStatus.Unhealthy, 12.3, "NpgsqlException")], shown.Checks);
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(shown), StringComparison.Ordinal);
    }
}
