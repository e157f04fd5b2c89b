namespace PrintCraft.Tests.Faults;

/// <summary>One API and one worker that nothing is done to: what goes wrong is at the provider.</summary>
public class QuietScenario : IAsyncLifetime
{
    public Scenario Scenario { get; private set; } = null!;

    protected virtual ScenarioPlan Plan => new();

    public async Task InitializeAsync() => Scenario = await Scenario.StartAsync(Plan);

    public async Task DisposeAsync() => await Scenario.DisposeAsync();
}

/// <summary>Tests of what the provider does wrong: one after the other on one set of processes.</summary>
[CollectionDefinition(nameof(ProviderFaults))]
public sealed class ProviderFaults : ICollectionFixture<QuietScenario>;
