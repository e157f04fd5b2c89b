namespace PrintCraft.Tests.Faults;

/// <summary>The provider does not take a job now: it waits as told, costs nothing and is not counted as an attempt.</summary>
[Collection(nameof(ProviderFaults))]
public sealed class ProviderRefusalTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F11")]
    public async Task Refused_for_now_waits_and_is_made_at_the_first_counted_attempt()
    {
        var user = _scenario.NewUser();
        string[] faults = ["status=429 retry-after=2 times=1", "status=429 retry-after=date:2 times=1", "status=429 times=3", "status=402 times=1", "status=401 times=1"];

        var ids = await Task.WhenAll(faults.Select(fault => _scenario.OrderAsync(user, fault, "slow=0.3")));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        Assert.Empty(await _scenario.Sql.ListAsync("SELECT generation_id, attempt FROM generation_images WHERE generation_id = ANY ($1) AND attempt <> 1", ids));
        // Told to wait two seconds (an HTTP date has whole seconds), it was not asked before.
        Assert.Empty(await _scenario.Sql.ListAsync(
            "SELECT id, submitted_at - started_at FROM generations JOIN generation_images ON generation_id = id WHERE id = ANY ($1) AND submitted_at - started_at < interval '1 second'", ids.Take(2).ToArray()));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F11")]
    public async Task A_request_that_the_provider_never_takes_fails_at_once_and_is_released()
    {
        var id = await _scenario.OrderAsync(_scenario.NewUser(), "status=422 canary");

        Assert.Equal("failed|provider_rejected|0|1", await _scenario.EndAsync(id));
        Assert.Equal(0, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }
}
