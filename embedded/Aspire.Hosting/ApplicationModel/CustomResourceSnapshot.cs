using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of one resource instance at one moment. Only the orchestrator writes it, so setters are internal.</summary>
public sealed record CustomResourceSnapshot
{
    internal CustomResourceSnapshot(string resourceType) => ResourceType = resourceType;

    /// <summary>Facts by name: "executable.pid", "resource.exitCode", "resource.connectionString" and so on.</summary>
    public ImmutableArray<ResourcePropertySnapshot> Properties { get; internal init; } = [];
    /// <summary>When the process started.</summary>
    public DateTime? StartTimeStamp { get; internal init; }
    /// <summary>When the process ended.</summary>
    public DateTime? StopTimeStamp { get; internal init; }
    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; internal init; }
    /// <summary>The exit code; 128 + signal for a killed process.</summary>
    public int? ExitCode { get; internal init; }
    /// <summary>Null unless running; else the worst of the health reports, Healthy without any.</summary>
    public HealthStatus? HealthStatus => State?.Text == KnownResourceStates.Running
        ? HealthReports.Select(report => report.Status ?? default).Append(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy).Min()
        : null;
    /// <summary>The environment that the AppHost gave it.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; internal init; } = [];

    internal string ResourceType { get; }
    internal ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];
    internal ImmutableArray<UrlSnapshot> Urls { get; init; } = [];
    internal ImmutableArray<ResourceCommandSnapshot> Commands { get; init; } = [];
    internal ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];
    internal DateTime? CreationTimeStamp { get; init; }
    internal bool SupportsDetailedTelemetry { get; init; }
    /// <summary>Completes when the ready event's handlers are through.</summary>
    internal Task? Ready { get; init; }

    internal CustomResourceSnapshot With(string name, object? value, bool sensitive = false)
    {
        var others = Properties.RemoveAll(property => property.Name == name);
        return this with { Properties = value is null ? others : others.Add(new(name, value) { IsSensitive = sensitive }) };
    }
}

/// <summary>A state and how to colour it.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style);

/// <summary>An environment variable of a resource.</summary>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>A fact about a resource.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    internal bool IsSensitive { get; init; }
}

/// <summary>An address of a resource.</summary>
internal sealed record UrlSnapshot(string? EndpointName, string Url, string DisplayName = "", int SortOrder = 0);

/// <summary>How a resource is tied to another one: Reference, WaitFor or Parent.</summary>
internal sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>The newest answer of one health check; without status until the first.</summary>
internal sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText, DateTime? LastRunAt = null);

/// <summary>A command, as the dashboard shows it.</summary>
internal sealed record ResourceCommandSnapshot(string Name, ResourceCommandState State, string DisplayName, string IconName, bool IsHighlighted = true)
{
    public string Description { get; init; } = "";
    public string ConfirmationMessage { get; init; } = "";
}
