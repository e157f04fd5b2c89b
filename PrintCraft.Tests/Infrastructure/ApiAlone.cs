using PrintCraft.Tests.Faults;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>One API and no worker: jobs stay as they were accepted, until the API does something to them.</summary>
public sealed class ApiAlone : QuietScenario
{
    /// <summary>Jobs that may be open.</summary>
    public const int MaxBacklog = 120;

    /// <summary>After which a client that reads nothing is cut off.</summary>
    public static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);

    protected override ScenarioPlan Plan => new()
    {
        Workers = 0,
        Settings = new Dictionary<string, string?>
        {
            ["Generations__QueueGrace"] = "01:00:00",
            ["Generations__Deadline"] = "02:00:00",
            ["Generations__MaxBacklog"] = $"{MaxBacklog}",
            ["Events__Heartbeat"] = "00:00:00.500",
            ["Events__WriteTimeout"] = $"{WriteTimeout}",
        },
    };
}

/// <summary>Tests of what the API does by itself: one after the other on one process.</summary>
[CollectionDefinition(nameof(ApiAlone))]
public sealed class ApiAloneTests : ICollectionFixture<ApiAlone>;
