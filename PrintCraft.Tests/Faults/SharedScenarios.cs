namespace PrintCraft.Tests.Faults;

/// <summary>One API and one worker that nothing is done to: what goes wrong is at the provider.</summary>
public class QuietScenario : IAsyncLifetime
{
    public Scenario Scenario { get; private set; } = null!;

    protected virtual ScenarioPlan Plan => new();

    public virtual async Task InitializeAsync() => Scenario = await Scenario.StartAsync(Plan);

    public async Task DisposeAsync() => await Scenario.DisposeAsync();
}

/// <summary>Tests of what the provider does wrong: one after the other on one set of processes.</summary>
[CollectionDefinition(nameof(ProviderFaults))]
public sealed class ProviderFaults : ICollectionFixture<QuietScenario>;

/// <summary>Two APIs, one worker.</summary>
public sealed class TwoApis : QuietScenario
{
    /// <summary>How long a recognised credential is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    protected override ScenarioPlan Plan => new() { Apis = 2, Settings = new Dictionary<string, string?> { ["Identity__Memory"] = $"{Memory}" } };
}

/// <summary>Tests of what callers do at the same time, and of APIs that die.</summary>
[CollectionDefinition(nameof(ApiFaults))]
public sealed class ApiFaults : ICollectionFixture<TwoApis>;

/// <summary>Tests of broken lines to the servers: one after the other on one set of processes.</summary>
[CollectionDefinition(nameof(NetworkFaults))]
public sealed class NetworkFaults : ICollectionFixture<QuietScenario>;

/// <summary>One API, two workers.</summary>
public sealed class TwoWorkers : QuietScenario
{
    protected override ScenarioPlan Plan => new() { Workers = 2 };
}
