using PrintCraft.Client;

namespace PrintCraft.Tests.Faults;

public sealed class PollingScenario : QuietScenario
{
    protected override ScenarioPlan Plan => new() { HasWebhooks = false };
}

/// <summary>No webhook is ever asked for: polling and the provider's list alone.</summary>
public sealed class WithoutWebhooksTests(PollingScenario fixture) : IClassFixture<PollingScenario>
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F2")]
    public async Task Kill9_at_W4_without_webhooks_finds_the_prediction_by_its_input_and_never_buys_it_again()
    {
        await _scenario.Worker.RestartAsync(failpoint: "W4");

        var id = await _scenario.OrderAsync(_scenario.NewUser(), new NewGeneration(Scenario.Prompt(), Options: new("draft", 512, 512, Seed: 7)));
        await _scenario.Worker.DiesAsync();
        await _scenario.Worker.StartAsync();

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(1, await _scenario.Sql.ScalarAsync<int>("SELECT attempt FROM generation_images WHERE generation_id = $1", id));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F15")]
    public async Task Polling_alone_finishes_soon_after_the_provider()
    {
        var user = _scenario.NewUser();

        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _scenario.OrderAsync(user, "slow=1")));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        // A second of work, a second's interval and five; the rest is for a machine that runs eight tests at a time.
        var late = await _scenario.Sql.ListAsync(
            """
            SELECT generation_id, completed_at - submitted_at FROM generation_images
            WHERE generation_id = ANY ($1) AND completed_at - submitted_at > interval '20 seconds'
            """, ids);
        Assert.Empty(late);
        await _scenario.AssertInvariantsAsync();
    }
}
