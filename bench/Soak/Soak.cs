using System.Diagnostics;

using Aspire.Hosting;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Soak;

/// <summary>The run from the first order to the verdict.</summary>
internal static class Soak
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastJob = TimeSpan.FromMinutes(10);

    /// <param name="jobs">Orders to place.</param>
    /// <param name="seed">Decides every fault; when each of them hits depends on the machine too.</param>
    /// <param name="open">Jobs that may be under way at a time.</param>
    /// <returns>Whether all held.</returns>
    public static async Task<bool> RunAsync(int jobs, int seed, int open)
    {
        Console.WriteLine($"Soak: {jobs} jobs, seed {seed}, at most {open} open.");
        await using var graph = await PrintCraftApp.StartAsync(builder => builder.Configure("replicate", simulator => simulator
            .WithEnvironment("Simulator__Bench", "true")
            .WithEnvironment("Simulator__Latency", "00:00:00.300")
            .WithEnvironment("Simulator__Kept", "1000000")));
        Scenario.Graph = () => Task.FromResult(graph);
        await using var scenario = await Scenario.StartAsync(new()
        {
            Apis = 2,
            Workers = 2,
            Settings = new Dictionary<string, string?>
            {
                ["Generations__Deadline"] = "00:10:00",
                ["Logging__LogLevel__Default"] = "Warning",
                // A database that is slow because the machine is busy is not what is looked for here.
                ["Work__Lease"] = "00:00:04",
            },
        });
        Console.WriteLine("Two APIs, two workers, simulator, Postgres, RabbitMQ and Redis run.");

        var started = Stopwatch.GetTimestamp();
        var chaos = new Chaos(scenario, new Random(seed));
        var orders = new Orders(scenario, new Random(seed + 1), jobs, open);
        using var over = new CancellationTokenSource();
        var breaking = chaos.RunAsync(over.Token);
        var telling = TellAsync(scenario, orders, chaos, over.Token);
        await orders.RunAsync();
        await over.CancelAsync();
        await Task.WhenAll(breaking, telling);
        Console.WriteLine("All orders are placed and the faults are over; the last jobs end.");
        return await VerdictAsync(scenario, orders, chaos, seed, started);
    }

    private static async Task<bool> VerdictAsync(Scenario scenario, Orders orders, Chaos chaos, int seed, long started)
    {
        string? broken = null;
        try
        {
            await scenario.AssertInvariantsAsync(LastJob);
        }
        catch (Xunit.Sdk.XunitException exception)
        {
            broken = exception.Message;
        }

        // Two checkers, written apart.
        if (await scenario.CheckByCommandAsync() is { Length: > 0 } said)
        {
            broken = $"{broken}{Environment.NewLine}{said}";
        }

        var outcome = await Outcome.CountAsync(scenario, orders);
        Console.WriteLine($"Faults: {chaos.Story}. Slowest end after SIGTERM: {chaos.SlowestExit.TotalSeconds:0.0} s. Predictions bought: {outcome.Bought} for {outcome.Images} images.");
        Console.WriteLine($"seed {seed}: {outcome} in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s. Invariants I1 to I10 {(broken is null ? "hold" : "are broken")}.");
        if (broken is not null)
        {
            Console.Error.WriteLine(broken);
        }

        return broken is null && outcome.Holds;
    }

    private static async Task TellAsync(Scenario scenario, Orders orders, Chaos chaos, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ProgressInterval);
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var final = await scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE completed_at IS NOT NULL");
                Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds,5:0} s  attempted {orders.Attempted}  accepted {orders.Accepted.Count}  final {final}  {chaos.Story}");
            }
        }
        catch (OperationCanceledException)
        {
            // All orders are placed.
        }
    }
}
