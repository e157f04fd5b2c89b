using System.Net.Http.Json;
using System.Text.Json;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>What the simulated provider is told to do wrong (PrintCraft.ReplicateSimulator/README.md, Faults).</summary>
internal static class SimulatorCommands
{
    private const string Rules = "/simulator/faults";
    private const string Throttled = "status=429 retry-after=5";

    public static IResourceBuilder<ProjectResource> WithSimulatorCommands(this IResourceBuilder<ProjectResource> simulator)
    {
        var time = simulator.ApplicationBuilder.Time("Throttle", seconds: 30);
        return simulator.WithDevelopmentCommand(
            "fault-provider-429",
            "Fault: provider 429",
            new() { Description = $"Has the provider answer every order with 429 for {time.TotalSeconds:0} s. Jobs wait and go on.", IconName = "HandRight" },
            (_, cancellationToken) => ThrottleAsync(new Uri(simulator.GetEndpoint("http").Url), time, cancellationToken));
    }

    /// <summary>The time begins anew: a rule of an earlier run goes first.</summary>
    private static async Task<ExecuteCommandResult> ThrottleAsync(Uri simulator, TimeSpan time, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = simulator, Timeout = TimeSpan.FromSeconds(10) };
        foreach (var rule in await http.GetFromJsonAsync<JsonElement[]>(Rules, cancellationToken) ?? [])
        {
            if (rule.GetProperty("script").GetString() == Throttled)
            {
                using var removed = await http.DeleteAsync($"{Rules}/{rule.GetProperty("id").GetInt64()}", cancellationToken);
            }
        }

        using var answer = await http.PostAsJsonAsync(Rules, new { script = Throttled, seconds = time.TotalSeconds }, cancellationToken);
        return answer.IsSuccessStatusCode
            ? Done($"The provider answers every order with 429 for {time.TotalSeconds:0} s from now. Jobs wait for it, nothing fails and nothing is bought twice.")
            : CommandResults.Failure($"The simulator answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
