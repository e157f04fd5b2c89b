namespace PrintCraft.Tests.Faults;

/// <summary>The run at the provider ends badly, or never.</summary>
[Collection(nameof(ProviderFaults))]
public sealed class ProviderRunTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F14")]
    public async Task Each_end_of_a_run_has_its_own_outcome_and_only_a_picture_is_charged()
    {
        var user = _scenario.NewUser();
        var expected = new Dictionary<string, string>
        {
            ["end=failed times=1; slow=0.3"] = "succeeded||1|0, 2 bought",
            ["end=failed slow=0.1"] = "failed|model_failed|0|1, 3 bought",
            ["end=nsfw slow=0.1"] = "failed|content_refused|0|1, 1 bought",
            ["end=canceled slow=0.1"] = "failed|provider_canceled|0|1, 1 bought",
            ["end=aborted slow=0.1"] = "failed|timeout|0|1, 1 bought",
        };

        var outcomes = await Task.WhenAll(expected.Keys.Select(async fault =>
        {
            var id = await _scenario.OrderAsync(user, fault);
            return (fault, outcome: $"{await _scenario.EndAsync(id)}, {await _scenario.SpendAsync(id)} bought");
        }));

        Assert.Equal(expected, outcomes.ToDictionary(one => one.fault, one => one.outcome));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F13")]
    public async Task Reads_that_fail_are_repeated_and_nothing_is_bought_again()
    {
        var user = _scenario.NewUser();
        string[] faults = ["slow=0.3 get=500 get-times=2", "slow=0.3 get=429 get-times=2 retry-after=1", "slow=0.3 get=502 get-times=1"];

        var ids = await Task.WhenAll(faults.Select(fault => _scenario.OrderAsync(user, fault)));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }
}

public sealed class ImpatientScenario : QuietScenario
{
    protected override ScenarioPlan Plan => new() { Settings = new Dictionary<string, string?> { ["Generations__Deadline"] = "00:00:20", ["Work__DownloadTimeout"] = "00:00:02" } };
}

/// <summary>Jobs have twenty seconds, downloads two.</summary>
public sealed class DeadlineTests(ImpatientScenario fixture) : IClassFixture<ImpatientScenario>
{
    [Fact]
    [Trait("Fault", "F13")]
    public async Task A_run_that_never_ends_is_given_up_at_the_deadline_cancelled_and_released()
    {
        var scenario = fixture.Scenario;
        var user = scenario.NewUser();

        var ids = await Task.WhenAll(scenario.OrderAsync(user, "stuck=processing"), scenario.OrderAsync(user, "stuck=starting"), scenario.OrderAsync(user, "slow=0.3"));

        // The provider has the deadline too (Cancel-After), so either side may end it first.
        var outcomes = await Task.WhenAll(ids.Select(id => scenario.EndAsync(id)));
        Assert.Matches(@"^failed\|(timeout|provider_canceled)\|0\|1$", outcomes[0]);
        Assert.Equal(["failed|timeout|0|1", "succeeded||1|0"], outcomes.Skip(1));
        Assert.Empty(await scenario.Sql.ListAsync("SELECT id, completed_at - deadline FROM generations WHERE completed_at > deadline + interval '5 seconds'"));
        await scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F19")]
    public async Task A_download_that_stalls_is_given_up_tried_again_and_never_made_again()
    {
        var scenario = fixture.Scenario;
        var user = scenario.NewUser();

        var ids = await Task.WhenAll(scenario.OrderAsync(user, "slow=0.1 output=stalled"), scenario.OrderAsync(user, "slow=0.1 output=stalled output-times=1"));

        Assert.Equal(["failed|output_unusable|0|1", "succeeded||1|0"], await Task.WhenAll(ids.Select(id => scenario.EndAsync(id))));
        Assert.All(await Task.WhenAll(ids.Select(scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await scenario.AssertInvariantsAsync();
    }
}
