namespace PrintCraft.Tests.Faults;

/// <summary>The provider may have been asked and nobody knows: an image is never bought twice blindly, and never charged twice at all.</summary>
public sealed class AmbiguousSubmissionTests(QuietScenario fixture) : IClassFixture<QuietScenario>
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F2")]
    [InlineData("slow=0.3", 1)]
    [InlineData("slow=0.3 webhook=lost", 1)]
    [InlineData("slow=0.3 webhook=lost list-after=2", 1)]
    // Neither told nor listed within the grace time: it must be bought again, is still charged once, and the first is known as an orphan when it shows up.
    [InlineData("slow=0.3 webhook=lost list-after=15 times=1; slow=0.3", 2)]
    public async Task Kill9_at_W4_charges_once_whatever_the_webhook_and_the_list_tell(string fault, int bought)
    {
        await _scenario.Worker.RestartAsync(failpoint: "W4");

        var id = await _scenario.OrderAsync(_scenario.NewUser(), fault);
        await _scenario.Worker.DiesAsync();
        await _scenario.Worker.StartAsync();

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(bought, await _scenario.SpendAsync(id));
        await _scenario.UntilAsync("(SELECT count(*) FROM provider_runs WHERE generation_id = $1 AND is_orphan) = $2", id, (long)bought - 1);
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task Answers_that_were_lost_after_the_provider_took_it_are_found_and_not_bought_again()
    {
        var user = _scenario.NewUser();
        string[] faults = ["status=500 accepted slow=0.3", "status=502 accepted slow=0.3 webhook=lost", "reset accepted slow=0.3", "reset accepted slow=0.3 webhook=lost", "answer-after=8 slow=0.3"];

        var ids = await Task.WhenAll(faults.Select(fault => _scenario.OrderAsync(user, fault)));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task A_lost_answer_of_a_provider_that_did_not_take_it_is_asked_once_more()
    {
        var user = _scenario.NewUser();
        string[] faults = ["status=500 times=1; slow=0.3", "status=503 times=1; slow=0.3", "reset times=1; slow=0.3"];

        var ids = await Task.WhenAll(faults.Select(fault => _scenario.OrderAsync(user, fault)));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task After_two_unknown_outcomes_the_job_fails_and_everything_is_released()
    {
        var user = _scenario.NewUser();

        var ids = await Task.WhenAll(_scenario.OrderAsync(user, "status=500"), _scenario.OrderAsync(user, "reset"));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("failed|provider_unavailable|0|1", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(0, spend));
        Assert.All(
            await Task.WhenAll(ids.Select(id => _scenario.Sql.ScalarAsync<int>("SELECT max(attempt) FROM generation_images WHERE generation_id = $1", id))),
            attempts => Assert.Equal(2, attempts));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F12")]
    public async Task An_answer_that_the_network_cut_is_found_and_not_bought_again()
    {
        var user = _scenario.NewUser();
        _scenario.Replicate.CutAfter(0);

        var id = await _scenario.OrderAsync(user);

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }
}
