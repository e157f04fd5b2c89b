using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>
/// The clients that others wrote, unchanged, against the simulator: https://www.npmjs.com/package/replicate and
/// https://www.npmjs.com/package/standardwebhooks. What they understand, the product may meet.
/// </summary>
public sealed class OfficialClientTests
{
    [NodeFact]
    public async Task Replicates_client_and_the_webhook_library_work_unchanged()
    {
        var packages = await NpmPackages.EnsureAsync("replicate@1.4.0", "standardwebhooks@1.1.1");
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:00.02");

        var script = Path.Combine(AppContext.BaseDirectory, "ReplicateSimulator", "official-clients.mjs");
        var (exitCode, said) = await NpmPackages.RunAsync("node", [script, packages, simulator.Http.BaseAddress!.ToString().TrimEnd('/')]);

        Assert.True(exitCode == 0, said);
        Assert.EndsWith("all steps done", said.TrimEnd());
    }
}
