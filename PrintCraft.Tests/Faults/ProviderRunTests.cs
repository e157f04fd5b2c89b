using PrintCraft.Client;

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
    public async Task A_job_that_is_cancelled_while_it_runs_ends_at_once_its_run_is_stopped_and_nothing_is_charged()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, "slow=60");
        await _scenario.UntilAsync("EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND status = 'submitted')", id);

        await user.Api.CancelGenerationAsync(id, CancellationToken.None);

        // Long before the run would have ended.
        Assert.Equal("canceled||0|1", await _scenario.EndAsync(id, TimeSpan.FromSeconds(20)));
        Assert.Equal(["canceled"], await _scenario.RunsAsync(id));
        Assert.Equal(["hold|1", "release|1"], await _scenario.Sql.JournalsAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Of_a_job_that_is_cancelled_with_one_picture_stored_that_one_is_charged()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, new NewGeneration(Scenario.Prompt("slow=30 times=1", "slow=0.1"), Options: new("draft", 512, 512, Count: 2)));
        await _scenario.UntilAsync("EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND status = 'succeeded')", id);

        await user.Api.CancelGenerationAsync(id, CancellationToken.None);

        Assert.Equal("succeeded||1|1", await _scenario.EndAsync(id, TimeSpan.FromSeconds(20)));
        Assert.Equal(["canceled", "succeeded"], (await _scenario.RunsAsync(id)).Order());
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
    protected override ScenarioPlan Plan => new()
    {
        Settings = new Dictionary<string, string?> { ["Generations__Deadline"] = "00:00:25", ["Work__DownloadTimeout"] = "00:00:05" },
    };
}

/// <summary>Jobs have twenty-five seconds, downloads five.</summary>
public sealed class DeadlineTests(ImpatientScenario fixture) : IClassFixture<ImpatientScenario>
{
    [Fact]
    [Trait("Fault", "F13")]
    [Trait("Fault", "F19")]
    public async Task Runs_that_never_end_and_downloads_that_stall_are_given_up_in_time_and_released()
    {
        var scenario = fixture.Scenario;
        var user = scenario.NewUser();
        string[] faults = ["stuck=processing", "stuck=starting", "slow=0.3", "slow=0.1 output=stalled", "slow=0.1 output=stalled output-times=1"];

        var ids = await Task.WhenAll(faults.Select(fault => scenario.OrderAsync(user, fault)));

        var outcomes = await Task.WhenAll(ids.Select(id => scenario.EndAsync(id)));
        // The provider has the deadline too (Cancel-After), so either side may end it first.
        Assert.Matches(@"^failed\|(timeout|provider_canceled)\|0\|1$", outcomes[0]);
        Assert.Equal(["failed|timeout|0|1", "succeeded||1|0", "failed|output_unusable|0|1", "succeeded||1|0"], outcomes.Skip(1));
        Assert.Empty(await scenario.Sql.ListAsync("SELECT id, completed_at - deadline FROM generations WHERE completed_at > deadline + interval '10 seconds'"));
        Assert.All(await Task.WhenAll(ids.Select(scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await scenario.AssertInvariantsAsync();
    }
}
