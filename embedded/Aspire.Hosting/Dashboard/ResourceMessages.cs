using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Embedded.Wire;
using Google.Protobuf.WellKnownTypes;
using HealthReport = Aspire.Hosting.Embedded.Wire.HealthReport;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;
using Resource = Aspire.Hosting.Embedded.Wire.Resource;

namespace Aspire.Hosting.Embedded;

/// <summary>Snapshots as the dashboard reads them. It throws on a property without value and on a URL without display properties.</summary>
internal static class ResourceMessages
{
    public static WatchResourcesUpdate Upsert(ResourceEvent change) => new()
    {
        Changes = new WatchResourcesChanges { Value = { new WatchResourcesChange { Upsert = ToResource(change.Resource.Name, change.ResourceId, change.Snapshot) } } },
    };

    public static WatchResourceConsoleLogsUpdate ToUpdate(IEnumerable<LogLine> lines) => new()
    {
        LogLines = { lines.Select(line => new ConsoleLogLine { Text = line.Content, IsStdErr = line.IsErrorMessage, LineNumber = line.LineNumber }) },
    };

    private static Resource ToResource(string displayName, string id, CustomResourceSnapshot snapshot)
    {
        var resource = new Resource
        {
            Name = id,
            Uid = id,
            DisplayName = displayName,
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
            Properties = { snapshot.Properties.Select(ToProperty).Concat(OwnProperties(displayName, id, snapshot)) },
        };
        if (snapshot.IconName is { } icon)
        {
            (resource.IconName, resource.IconVariant) = (icon, (int)(snapshot.IconVariant ?? IconVariant.Regular));
        }

        return resource;
    }

    /// <summary>What upstream adds to each resource's own properties.</summary>
    private static IEnumerable<ResourceProperty> OwnProperties(string displayName, string id, CustomResourceSnapshot snapshot)
    {
        (string Name, object? Value)[] facts =
        [
            ("resource.uid", id), ("resource.name", id), ("resource.type", snapshot.ResourceType), ("resource.displayName", displayName),
            ("resource.state", snapshot.State?.Text), ("resource.exitCode", snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)),
            ("resource.createTime", snapshot.CreationTimeStamp), ("resource.startTime", snapshot.StartTimeStamp),
            ("resource.stopTime", snapshot.StopTimeStamp), ("resource.healthState", snapshot.HealthStatus?.ToString()),
        ];
        return facts.Where(fact => snapshot.Properties.All(property => property.Name != fact.Name))
            .Select(fact => new ResourceProperty { Name = fact.Name, Value = ToValue(fact.Value) });
    }

    private static ResourceProperty ToProperty(ResourcePropertySnapshot property) => new()
    {
        Name = property.Name,
        Value = ToValue(property.Value),
        IsSensitive = property.IsSensitive,
        IsHighlighted = property.IsHighlighted,
    };

    private static Url ToUrl(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new UrlDisplayProperties { DisplayName = url.DisplayProperties.DisplayName, SortOrder = url.DisplayProperties.SortOrder },
    };

    private static ResourceCommand ToCommand(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        IconName = command.IconName,
        IsHighlighted = command.IsHighlighted,
        State = (int)command.State,
    };

    private static HealthReport ToHealthReport(HealthReportSnapshot report)
    {
        var message = new HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = ToTimestamp(report.LastRunAt),
        };
        if (report.Status is { } status)
        {
            message.Status = status switch { HealthStatus.Healthy => 0, HealthStatus.Unhealthy => 1, HealthStatus.Degraded => 2 };
        }

        return message;
    }

    private static Timestamp? ToTimestamp(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        int number => Value.ForNumber(number),
        DateTime time => Value.ForString(time.ToString("O", CultureInfo.InvariantCulture)),
        IEnumerable<string> list => Value.ForList([.. list.Select(Value.ForString)]),
        _ => Value.ForString(value.ToString() ?? ""),
    };
}
