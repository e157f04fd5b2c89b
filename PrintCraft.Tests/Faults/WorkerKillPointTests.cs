namespace PrintCraft.Tests.Faults;

/// <summary>A worker that dies between any two steps of a generation costs time and nothing else.</summary>
public sealed class WorkerKillPointTests(QuietScenario fixture) : IClassFixture<QuietScenario>
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F1")]
    [InlineData("R1")]
    [InlineData("R2")]
    [InlineData("R3")]
    [InlineData("W1")]
    [InlineData("W2")]
    [InlineData("W3")]
    public Task Kill9_before_the_provider_was_asked_submits_once_and_charges_once(string point) => KillAtAsync(point);

    [Theory]
    [Trait("Fault", "F3")]
    [InlineData("W5")]
    [InlineData("W6")]
    [InlineData("W7")]
    [InlineData("W8")]
    public Task Kill9_after_the_id_was_stored_never_submits_again(string point) => KillAtAsync(point);

    [Theory]
    [Trait("Fault", "F4")]
    [InlineData("W9")]
    [InlineData("W10")]
    public Task Kill9_around_the_last_commit_captures_once(string point) => KillAtAsync(point);

    private async Task KillAtAsync(string point)
    {
        var user = _scenario.NewUser();
        await _scenario.Worker.RestartAsync(failpoint: point);

        var id = await _scenario.OrderAsync(user);
        await _scenario.Worker.DiesAsync();
        await _scenario.Worker.StartAsync();

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }
}
