using System.Globalization;
using Aspire.Hosting.Embedded.Wire;
using Google.Protobuf.WellKnownTypes;
using HealthReport = Aspire.Hosting.Embedded.Wire.HealthReport;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using Resource = Aspire.Hosting.Embedded.Wire.Resource;

namespace Aspire.Hosting.Embedded;

/// <summary>Snapshots as the dashboard reads them. It throws on a property without value and on a URL without display properties.</summary>
internal static class ResourceMessages
{
    public static WatchResourcesUpdate ToUpdate(ResourceEvent change)
    {
        var (name, snapshot) = (change.Resource.Name, change.Snapshot);
        var resource = new Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = ToTimestamp(snapshot.CreationTimeStamp) ?? new Timestamp(),
            StartedAt = ToTimestamp(snapshot.StartTimeStamp),
            StoppedAt = ToTimestamp(snapshot.StopTimeStamp),
            SupportsDetailedTelemetry = snapshot.SupportsDetailedTelemetry,
            Environment = { snapshot.EnvironmentVariables.Select(one => new EnvironmentVariable { Name = one.Name, Value = one.Value ?? "", IsFromSpec = one.IsFromSpec }) },
            Relationships = { snapshot.Relationships.Select(one => new ResourceRelationship { ResourceName = one.ResourceName, Type = one.Type }) },
            Urls = { snapshot.Urls.Select(ToUrl) },
            HealthReports = { snapshot.HealthReports.Select(ToHealthReport) },
            Commands = { snapshot.Commands.Select(ToCommand) },
            Properties = { snapshot.Properties.Concat(Facts(change.ResourceId, name, snapshot)).DistinctBy(one => one.Name).Select(ToProperty) },
        };
        return new() { Changes = new() { Value = { new WatchResourcesChange { Upsert = resource } } } };
    }

    public static WatchResourceConsoleLogsUpdate ToUpdate(IEnumerable<LogLine> lines) => new()
    {
        LogLines = { lines.Select(line => new ConsoleLogLine { Text = line.Content, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber }) },
    };

    /// <summary>What upstream adds to each resource's own properties.</summary>
    private static IEnumerable<ResourcePropertySnapshot> Facts(string id, string name, CustomResourceSnapshot snapshot) =>
    [
        new("resource.uid", id), new("resource.name", id), new("resource.displayName", name), new("resource.type", snapshot.ResourceType),
        new("resource.state", snapshot.State?.Text), new("resource.exitCode", snapshot.ExitCode), new("resource.createTime", snapshot.CreationTimeStamp),
        new("resource.startTime", snapshot.StartTimeStamp), new("resource.stopTime", snapshot.StopTimeStamp), new("resource.healthState", snapshot.HealthStatus),
    ];

    private static ResourceProperty ToProperty(ResourcePropertySnapshot one) =>
        new() { Name = one.Name, Value = ToValue(one.Value), IsSensitive = one.IsSensitive };

    private static Url ToUrl(UrlSnapshot url) => new()
    {
        EndpointName = url.EndpointName ?? "",
        FullUrl = url.Url,
        DisplayProperties = new() { DisplayName = url.DisplayName, SortOrder = url.SortOrder },
    };

    public static ResourceCommandResponse ToResponse(ExecuteCommandResult result) => new()
    {
        Kind = result.Success ? 1 : 2,
        Message = result.Message ?? "",
        Result = result.Data is { } data ? new() { Value = data.Value, Format = 1, DisplayImmediately = data.DisplayImmediately } : null,
    };

    private static Wire.ResourceCommand ToCommand(ResourceCommandSnapshot one) => new()
    {
        Name = one.Name,
        DisplayName = one.DisplayName,
        DisplayDescription = one.Description,
        ConfirmationMessage = one.ConfirmationMessage,
        IconName = one.IconName,
        IsHighlighted = one.IsHighlighted,
        State = (int)one.State,
    };

    private static HealthReport ToHealthReport(HealthReportSnapshot one)
    {
        var report = new HealthReport { Key = one.Name, Description = one.Description ?? "", Exception = one.ExceptionText ?? "", LastRunAt = ToTimestamp(one.LastRunAt) };
        if (one.Status is { } status)
        {
            report.Status = status switch { HealthStatus.Healthy => 0, HealthStatus.Unhealthy => 1, HealthStatus.Degraded => 2 };
        }

        return report;
    }

    private static Timestamp? ToTimestamp(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        int number => Value.ForNumber(number),
        IEnumerable<string> list => Value.ForList([.. list.Select(Value.ForString)]),
        DateTime time => Value.ForString(time.ToString("O", CultureInfo.InvariantCulture)),
        _ => Value.ForString(value.ToString() ?? ""),
    };
}
