using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Chaos;

public sealed class WorkerKilledTests
{
    [Fact]
    public async Task A_worker_killed_in_mid_generation_and_restarted_finishes_it_once_charged_once_with_one_prediction()
    {
        await using var app = await PrintCraftApp.StartAsync(builder =>
        {
            builder.Configure("worker", worker => worker.WithEnvironment("Work__Lease", "00:00:03").WithEnvironment("Work__UnknownGrace", "00:00:10"));
            builder.Configure("replicate", simulator => simulator.WithEnvironment("Simulator__Latency", "00:00:04"));
        });
        var user = app.NewUser();
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            user.Api.CreateGenerationAsync(new NewGeneration($"survivor {number}", Options: new("draft", 512, 512)), CancellationToken.None)));

        // Some are at the provider, some may be on their way there.
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(created.Select(one => Spend.CountAsync(app, one.Id)))).Sum() >= 4, () => $"four predictions{app.Story()}", TimeSpan.FromSeconds(20));
        await Processes.KillAsync(await Processes.IdOfAsync(app, "worker"));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var crashed = await app.App.ResourceNotifications.WaitForResourceAsync(
            "worker", resource => KnownResourceStates.TerminalStates.Contains(resource.Snapshot.State?.Text), timeout.Token);
        Assert.NotEqual(0, crashed.Snapshot.ExitCode);
        Assert.True((await app.App.ResourceCommands.ExecuteCommandAsync("worker", KnownResourceCommands.StartCommand, timeout.Token)).Success);

        foreach (var one in created)
        {
            var done = await app.WaitUntilFinalAsync(user, one.Id);
            Assert.Equal((GenerationStatus.Succeeded, 1), (done.Status, done.Credits.Charged));
            Assert.Equal(1, await Spend.CountAsync(app, one.Id));
            Assert.Equal(["hold|1", "capture|1"], await (await app.DatabaseAsync()).JournalsAsync(one.Id));
        }

        await (await app.DatabaseAsync()).AssertLedgerHoldsAsync(user.Id);
    }
}
