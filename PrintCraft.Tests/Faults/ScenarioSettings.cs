namespace PrintCraft.Tests.Faults;

/// <summary>The product's waits, shortened: seconds where production has minutes. Their proportions stay.</summary>
internal static class ScenarioSettings
{
    public static readonly IReadOnlyDictionary<string, string?> Short = new Dictionary<string, string?>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Testing",
        ["DOTNET_ENVIRONMENT"] = null,
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
        ["Generations__QueueGrace"] = "00:00:03",
        ["Generations__Deadline"] = "00:01:30",
        ["Work__Lease"] = "00:00:02",
        ["Work__SweepInterval"] = "00:00:00.200",
        ["Work__PollMin"] = "00:00:00.200",
        ["Work__PollMax"] = "00:00:01",
        ["Work__RetryFirst"] = "00:00:00.200",
        ["Work__RefusedMax"] = "00:00:01",
        ["Work__UnknownGrace"] = "00:00:05",
        ["Work__DownloadTimeout"] = "00:00:04",
        ["Work__BreakerSampling"] = "00:00:02",
        ["Work__BreakerPause"] = "00:00:02",
        ["Reconciliation__OrphanInterval"] = "00:00:02",
        ["Reconciliation__OrphanAge"] = "00:00:08",
        ["Replicate__Timeout"] = "00:00:05",
        ["Messaging__PollInterval"] = "00:00:00.200",
        ["Messaging__ClaimTime"] = "00:00:03",
        ["Messaging__PublishTimeout"] = "00:00:02",
        ["Messaging__RetryPause"] = "00:00:00.500",
        ["Aspire__RabbitMQ__Client__ConnectionFactory__RequestedHeartbeat"] = "00:00:02",
        ["Logging__LogLevel__Default"] = "Information",
        ["Logging__LogLevel__Microsoft.EntityFrameworkCore"] = "Warning",
        ["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning",
    };
}
