using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>One simulator for the tests of a class, whose prompts differ; runs take no time unless a fault says so.</summary>
public sealed class FaultySimulator : IAsyncLifetime
{
    private RunningSimulator? _simulator;

    internal RunningSimulator Simulator => _simulator!;

    public async Task InitializeAsync() =>
        _simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:00", "Simulator:WebhookRetryDelay=00:00:00.05");

    public async Task DisposeAsync() => await Simulator.DisposeAsync();

    /// <summary>A create whose prompt says what goes wrong.</summary>
    internal Task<HttpResponseMessage> PostAsync(string prompt, string? webhook = null, params (string Name, string Value)[] headers)
    {
        object body = webhook is null
            ? new { version = RunningSimulator.Sdxl, input = Input(prompt) }
            : new { version = RunningSimulator.Sdxl, input = Input(prompt), webhook, webhook_events_filter = Events };
        return Simulator.PostAsync("/v1/predictions", body, headers);
    }

    internal async Task<JsonElement> CreateAsync(string prompt, string? webhook = null, params (string Name, string Value)[] headers)
    {
        using var answer = await PostAsync(prompt, webhook, headers);
        Assert.Equal(201, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal async Task<JsonElement[]> ListAsync(string path) => (await Simulator.Http.GetFromJsonAsync<JsonElement[]>(path))!;

    private static readonly string[] Events = ["start", "completed"];

    private static object Input(string prompt) => new { prompt, width = 64, height = 64 };
}
