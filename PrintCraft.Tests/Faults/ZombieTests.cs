namespace PrintCraft.Tests.Faults;

/// <summary>A worker that stands still for longer than its lease and then goes on, as if nothing had happened.</summary>
public sealed class ZombieTests(TwoWorkers fixture) : IClassFixture<TwoWorkers>
{
    private readonly Scenario _scenario = fixture.Scenario;

    private Service Zombie => _scenario.Workers[0];

    private Service Heir => _scenario.Workers[1];

    [Theory]
    [Trait("Fault", "F23")]
    // Before it asked the provider: the heir asks, and the zombie must not.
    [InlineData("W2")]
    [InlineData("W5")]
    [InlineData("W6")]
    [InlineData("W7")]
    [InlineData("W8")]
    [InlineData("W9")]
    [InlineData("W10")]
    public async Task Stopped_past_its_lease_its_job_is_taken_over_and_its_late_writes_change_nothing(string point)
    {
        await Heir.KillAsync();
        await Zombie.RestartAsync(failpoint: $"{point}=stop");
        var id = await _scenario.OrderAsync(_scenario.NewUser());
        await Zombie.StopsAsync();

        await Heir.StartAsync();
        var outcome = await _scenario.EndAsync(id);
        Zombie.Continue();
        // Asked to end, it first finishes what it had begun: after that every late write has been tried.
        var (code, _) = await Zombie.TerminateAsync();

        Assert.Equal(("succeeded||1|0", 0), (outcome, code));
        Assert.Equal(outcome, await _scenario.OutcomeAsync(id));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }
}
