using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of one resource instance at one moment. Only the orchestrator writes it, so setters are internal.</summary>
public sealed record CustomResourceSnapshot
{
    internal CustomResourceSnapshot(string resourceType) => ResourceType = resourceType;

    /// <summary>Project, Executable, Parameter and so on.</summary>
    public string ResourceType { get; }
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
    /// <summary>One report per health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];
    /// <summary>The environment that the AppHost gave it.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; internal init; } = [];
    /// <summary>The addresses to show.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; internal init; } = [];
    /// <summary>Start, stop and restart.</summary>
    public ImmutableArray<ResourceCommandSnapshot> Commands { get; internal init; } = [];
    /// <summary>References, waits and parents.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; internal init; } = [];

    internal DateTime? CreationTimeStamp { get; init; }
    internal string? IconName { get; init; }
    internal IconVariant? IconVariant { get; init; }
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

/// <summary>An address of a resource.</summary>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal)
{
    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; internal init; } = new();

    internal bool IsInactive { get; init; }
}

/// <summary>How an address is shown.</summary>
public sealed record UrlDisplayPropertiesSnapshot(string DisplayName = "", int SortOrder = 0);

/// <summary>How a resource is tied to another one: Reference, WaitFor or Parent.</summary>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>A fact about a resource.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    internal bool IsSensitive { get; init; }
    internal bool IsHighlighted { get; init; }
}

/// <summary>The newest answer of one health check; without status until the first.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText)
{
    internal DateTime? LastRunAt { get; init; }
}

/// <summary>A command of a resource.</summary>
public sealed record ResourceCommandSnapshot
{
    internal ResourceCommandSnapshot(string name, ResourceCommandState state, string displayName, string iconName) =>
        (Name, State, DisplayName, IconName) = (name, state, displayName, iconName);

    /// <summary>One of <see cref="KnownResourceCommands"/>.</summary>
    public string Name { get; }
    /// <summary>Whether it can be run now.</summary>
    public ResourceCommandState State { get; }

    internal string DisplayName { get; }
    internal string IconName { get; }
    internal bool IsHighlighted { get; init; } = true;
}

/// <summary>Whether a command can be run, cannot just now, or makes no sense.</summary>
public enum ResourceCommandState { Enabled, Disabled, Hidden }
