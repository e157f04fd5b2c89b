using System.Diagnostics;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.EndToEnd;

public sealed class TraceTests
{
    private static readonly string[] Story =
    [
        "api: POST /api/v1/generations",
        "worker: publish printcraft.work:generate",
        "worker: process printcraft.work:generate",
        "worker: run generation",
        "worker: generate_content stability-ai/sdxl",
        "replicate: POST /v1/predictions",
        "api: POST /webhooks/replicate",
    ];

    [DashboardFact]
    public async Task A_generation_is_one_trace_across_api_broker_worker_replicate_and_webhook_with_its_log_lines()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        // Sampled, whatever the tests beside this one make of this process's own spans.
        user.Http.DefaultRequestHeaders.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01");
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a trace to follow"), CancellationToken.None);
        var done = await app.WaitUntilFinalAsync(user, created.Id);
        using var dashboard = Dashboard.Client(app);

        IReadOnlyList<string> seen = [];
        IReadOnlyList<string> lines = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                seen = await Dashboard.SpansAsync(dashboard, done.TraceId!);
                lines = await Dashboard.LogsAsync(dashboard, done.TraceId!);
                return Story.All(seen.Contains) && lines.Any(line => line.StartsWith("api: ", StringComparison.Ordinal)) && lines.Any(line => line.StartsWith("worker: ", StringComparison.Ordinal));
            },
            () => $"trace {done.TraceId}; spans missing: {string.Join(", ", Story.Except(seen))}; spans: {string.Join(", ", seen)}; log lines: {string.Join(", ", lines)}",
            TimeSpan.FromSeconds(40));
    }
}
