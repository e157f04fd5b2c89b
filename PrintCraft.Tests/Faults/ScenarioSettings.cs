namespace PrintCraft.Tests.Faults;

/// <summary>The product's waits, shortened: seconds where production has minutes. Limits that no test is about stay long, for machines that are busy.</summary>
internal static class ScenarioSettings
{
    /// <summary>Leases, graces and polls.</summary>
    public static readonly IReadOnlyDictionary<string, string> Waits = new Dictionary<string, string>
    {
        ["Generations__QueueGrace"] = "00:00:03",
        ["Generations__Deadline"] = "00:03:00",
        ["Work__Lease"] = "00:00:02",
        ["Work__SweepInterval"] = "00:00:00.200",
        ["Work__PollMin"] = "00:00:00.200",
        ["Work__PollMax"] = "00:00:01",
        ["Work__RetryFirst"] = "00:00:00.200",
        ["Work__RefusedMax"] = "00:00:01",
        ["Work__UnknownGrace"] = "00:00:08",
        ["Work__DownloadTimeout"] = "00:00:15",
        ["Work__BreakerSampling"] = "00:00:02",
        ["Work__BreakerPause"] = "00:00:02",
        ["Reconciliation__OrphanInterval"] = "00:00:02",
        ["Reconciliation__OrphanAge"] = "00:00:12",
        ["Replicate__Timeout"] = "00:00:05",
        ["Messaging__PollInterval"] = "00:00:00.200",
        ["Messaging__ClaimTime"] = "00:00:03",
        ["Messaging__PublishTimeout"] = "00:00:02",
        ["Messaging__RetryPause"] = "00:00:00.500",
        ["Aspire__RabbitMQ__Client__ConnectionFactory__RequestedHeartbeat"] = "00:00:02",
    };

    /// <summary>No test is limited that is not about limits. Failures of a login count per account, and streams per user: tests have their own.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unlimited = new Dictionary<string, string>
    {
        ["RateLimits__UserRequests"] = "1000000",
        ["RateLimits__IpRequests"] = "100000000",
        ["RateLimits__AuthFailures"] = "1000000",
        ["RateLimits__GenerationCredits"] = "1000000",
        ["RateLimits__JobsPerUser"] = "100000",
        ["RateLimits__Places"] = "2000",
        ["RateLimits__Queue"] = "2000",
    };

    /// <summary>The waits, no limits, and the environment that failpoints need.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Short = new Dictionary<string, string?>(Waits.Concat(Unlimited).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Testing",
        ["DOTNET_ENVIRONMENT"] = null,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
        ["Logging__LogLevel__Default"] = "Information",
        ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
    };
}
