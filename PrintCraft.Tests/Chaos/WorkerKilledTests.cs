using System.Text;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Chaos;

/// <summary>A graph whose worker dies, with short leases.</summary>
public sealed class KilledWorkerGraph : IAsyncLifetime
{
    public PrintCraftApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await PrintCraftApp.StartAsync(builder =>
    {
        builder.Configure("worker", worker => worker.WithEnvironment("Work__Lease", "00:00:03").WithEnvironment("Work__UnknownGrace", "00:00:10"));
        builder.Configure("replicate", simulator => simulator.WithEnvironment("Simulator__Latency", "00:00:04"));
    });

    public async Task DisposeAsync() => await App.DisposeAsync();
}

public sealed class WorkerKilledTests(KilledWorkerGraph graph) : IClassFixture<KilledWorkerGraph>
{
    private static readonly NewGeneration Small = new("a survivor", Options: new("draft", 512, 512));

    [Fact]
    public async Task A_worker_killed_in_mid_generation_and_restarted_finishes_it_once_charged_once_with_one_prediction()
    {
        var app = graph.App;
        var user = app.NewUser();
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => user.Api.CreateGenerationAsync(Small, CancellationToken.None)));

        // Some are at the provider, some may be on their way there.
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(created.Select(one => Spend.CountAsync(app, one.Id)))).Sum() >= 4, () => $"four predictions{app.Story()}", TimeSpan.FromSeconds(20));
        await Processes.KillAsync(await Processes.IdOfAsync(app, "worker"));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var crashed = await app.App.ResourceNotifications.WaitForResourceAsync(
            "worker", resource => KnownResourceStates.TerminalStates.Contains(resource.Snapshot.State?.Text), timeout.Token);
        Assert.NotEqual(0, crashed.Snapshot.ExitCode);
        await StartWorkerAsync();

        // All of them first: the ledger is looked at in two steps, between which nothing may move.
        await Task.WhenAll(created.Select(one => app.WaitUntilFinalAsync(user, one.Id)));
        foreach (var one in created)
        {
            await AssertMadeOnceAsync(user, one.Id);
        }
    }

    [Fact]
    public async Task A_prediction_that_was_bought_before_the_worker_died_is_adopted_and_not_bought_again()
    {
        var app = graph.App;
        var user = app.NewUser();
        await StopWorkerAsync();
        var created = await user.Api.CreateGenerationAsync(Small with { Options = Small.Options! with { Seed = 11 } }, CancellationToken.None);

        // As a worker leaves it that dies between the provider's answer and its own commit: the intent is there, the prediction runs.
        await (await app.DatabaseAsync()).ExecuteAsync(
            "UPDATE generation_images SET status = 'submitting', attempt = 1, token = 'token-of-the-dead', submit_intent_at = now() WHERE generation_id = $1", created.Id);
        using (var simulator = app.Http("replicate"))
        {
            simulator.DefaultRequestHeaders.Authorization = new("Bearer", "r8_test");
            // Nobody listens at the webhook's address: only the list can tell.
            var bought = await simulator.PostAsync("/v1/models/black-forest-labs/flux-schnell/predictions", new StringContent(
                $$"""
                {
                    "input": { "prompt": "a survivor, high quality, professional", "seed": 11, "aspect_ratio": "1:1", "megapixels": "0.25", "output_format": "png", "go_fast": false },
                    "webhook": "http://localhost:9/webhooks/replicate?job={{created.Id}}&image=0&attempt=1&token=token-of-the-dead",
                    "webhook_events_filter": ["completed"]
                }
                """,
                Encoding.UTF8,
                "application/json"));
            bought.EnsureSuccessStatusCode();
        }

        await StartWorkerAsync();

        await AssertMadeOnceAsync(user, created.Id);
    }

    private async Task AssertMadeOnceAsync(TestUser user, Guid id)
    {
        var app = graph.App;
        var done = await app.WaitUntilFinalAsync(user, id);
        Assert.Equal((GenerationStatus.Succeeded, 1), (done.Status, done.Credits.Charged));
        Assert.Equal(1, await Spend.CountAsync(app, id));
        var database = await app.DatabaseAsync();
        Assert.Equal(["hold|1", "capture|1"], await database.JournalsAsync(id));
        await database.AssertLedgerHoldsAsync(user.Id);
    }

    private Task StartWorkerAsync() => CommandAsync(KnownResourceCommands.StartCommand);

    private Task StopWorkerAsync() => CommandAsync(KnownResourceCommands.StopCommand);

    private async Task CommandAsync(string command)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var result = await graph.App.App.ResourceCommands.ExecuteCommandAsync("worker", command, timeout.Token);
        Assert.True(result.Success, result.Message);
    }
}
