using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.EndToEnd;

public sealed class TraceTests
{
    [DashboardFact]
    public async Task A_generation_is_one_trace_across_api_broker_worker_replicate_and_webhook_with_its_log_lines()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a trace to follow"), CancellationToken.None);
        var done = await app.WaitUntilFinalAsync(user, created.Id);
        using var dashboard = Dashboard.Client(app);

        string[] expected =
        [
            "api: POST /api/v1/generations", "worker: publish printcraft.work:generate", "worker: process printcraft.work:generate", "worker: run generation",
            "worker: generate_content stability-ai/sdxl", "replicate: POST /v1/predictions", "api: POST /webhooks/replicate",
        ];
        IReadOnlyList<string> seen = [];
        await Eventually.HoldsAsync(
            async () => expected.All((seen = await SpansAsync(dashboard, done.TraceId!)).Contains),
            () => $"the spans of trace {done.TraceId}; missing: {string.Join(", ", expected.Except(seen))}; seen: {string.Join(", ", seen)}",
            TimeSpan.FromSeconds(30));
    }

    private static async Task<IReadOnlyList<string>> SpansAsync(HttpClient dashboard, string traceId)
    {
        using var response = await dashboard.GetAsync($"/api/telemetry/traces/{traceId}");
        if (!response.IsSuccessStatusCode)
        {
            return [];
        }

        var trace = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. Dashboard.Spans(trace)];
    }
}
