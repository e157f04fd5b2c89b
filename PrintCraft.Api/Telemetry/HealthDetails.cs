using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;

namespace PrintCraft.Api.Telemetry;

/// <param name="Status">The worst of the checks.</param>
/// <param name="Duration">Milliseconds that all of them took together.</param>
public sealed record HealthResource(HealthStatus Status, double Duration, IReadOnlyList<HealthCheckResource> Checks)
{
    internal static HealthResource Example { get; } = new(HealthStatus.Degraded, 3001.2, [
        new HealthCheckResource("PrintCraftDb", HealthStatus.Healthy, 0.8, null),
        new HealthCheckResource("StackExchange.Redis", HealthStatus.Degraded, 3000.1, "RedisConnectionException"),
        new HealthCheckResource("self", HealthStatus.Healthy, 0, null),
    ]);

    internal static HealthResource Of(HealthReport report) => new(
        report.Status,
        Math.Round(report.TotalDuration.TotalMilliseconds, 1),
        [.. report.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => HealthCheckResource.Of(entry.Key, entry.Value))]);
}

/// <param name="Duration">Milliseconds.</param>
/// <param name="Reason">
/// The kind of the failure and nothing else: descriptions, messages and data of checks name hosts, users and sometimes whole connection strings. What
/// they say is in the log.
/// </param>
public sealed record HealthCheckResource(string Name, HealthStatus Status, double Duration, string? Reason)
{
    internal static HealthCheckResource Of(string name, HealthReportEntry entry) =>
        new(name, entry.Status, Math.Round(entry.Duration.TotalMilliseconds, 1), entry.Exception?.GetBaseException().GetType().Name);
}

/// <summary>What stands behind the one word of /health, for those who run the product. Always 200: the probe is /health.</summary>
internal static class HealthDetails
{
    public static WebApplication MapHealthDetails(this WebApplication app)
    {
        app.MapGet("/health/details", async Task<Ok<HealthResource>> (HealthCheckService checks, CancellationToken cancellationToken) =>
                TypedResults.Ok(HealthResource.Of(await checks.CheckHealthAsync(cancellationToken))))
            .RequireAuthorization(Policies.Support)
            .WithTags("Admin")
            .WithName("getHealthDetails")
            .WithSummary("Read each health check of this process")
            .WithDescription("Its status, how long it took and what kind of failure it met. Messages are in the log only.")
            .WithExample(answer: HealthResource.Example)
            .AnswersHead();
        return app;
    }
}
