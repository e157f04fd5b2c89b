namespace PrintCraft.Tests.Faults;

/// <summary>Clocks that are ten minutes off: leases, retries and deadlines are by the database's clock, so nothing ends early or twice.</summary>
[Collection(nameof(NetworkFaults))]
public sealed class ClockFaultTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F21")]
    [InlineData(10, -10)]
    [InlineData(-10, 10)]
    public async Task Clocks_ten_minutes_off_change_no_outcome(int api, int worker)
    {
        await _scenario.Api.RestartAsync(clockSkew: TimeSpan.FromMinutes(api));
        await _scenario.Worker.RestartAsync(clockSkew: TimeSpan.FromMinutes(worker));
        try
        {
            var user = _scenario.NewUser();
            // As any, with a pause that the provider names by its own clock, and with an attempt that fails.
            var ids = await Task.WhenAll(_scenario.OrderAsync(user), _scenario.OrderAsync(user, "status=429 retry-after=date:2 times=1; slow=0.3"), _scenario.OrderAsync(user, "end=failed times=1; slow=0.3"));

            Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
            var spends = await Task.WhenAll(ids.Select(_scenario.SpendAsync));
            Assert.Equal((1, 1, 2), (spends[0], spends[1], spends[2]));
        }
        finally
        {
            await _scenario.Api.RestartAsync();
            await _scenario.Worker.RestartAsync();
        }

        await _scenario.AssertInvariantsAsync();
    }
}
