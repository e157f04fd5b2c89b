using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of one resource instance at one moment; written by the orchestrator only.</summary>
public sealed record CustomResourceSnapshot
{
    internal CustomResourceSnapshot(string resourceType) => ResourceType = resourceType;

    /// <summary>Project, Executable, Parameter and so on.</summary>
    public string ResourceType { get; internal init; }

    /// <summary>Facts by name: "executable.pid", "resource.exitCode", "resource.connectionString"…</summary>
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
    public HealthStatus? HealthStatus => State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    /// <summary>One report per health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>The environment the resource was started with, as far as the AppHost made it.</summary>
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

    internal long Version { get; init; }

    /// <summary>Completes when the handlers of the ready event are through.</summary>
    internal Task? Ready { get; init; }

    internal CustomResourceSnapshot WithProperty(string name, object? value, bool sensitive = false)
    {
        var others = Properties.RemoveAll(property => property.Name == name);
        return this with { Properties = value is null ? others : others.Add(new(name, value) { IsSensitive = sensitive }) };
    }
}

/// <summary>A state and how to colour it.</summary>
public sealed record ResourceStateSnapshot
{
    internal ResourceStateSnapshot(string text, string? style) => (Text, Style) = (text, style);

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public string Text { get; }

    internal string? Style { get; }
}

/// <summary>An environment variable of a resource.</summary>
public sealed record EnvironmentVariableSnapshot
{
    internal EnvironmentVariableSnapshot(string name, string? value, bool isFromSpec) => (Name, Value, IsFromSpec) = (name, value, isFromSpec);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public string? Value { get; }

    internal bool IsFromSpec { get; }
}

/// <summary>An address of a resource.</summary>
public sealed record UrlSnapshot
{
    internal UrlSnapshot(string? name, string url, bool isInternal) => (Name, Url, IsInternal) = (name, url, isInternal);

    /// <summary>The endpoint's name.</summary>
    public string? Name { get; }

    /// <summary>The full address.</summary>
    public string Url { get; }

    /// <summary>How it is shown.</summary>
    public UrlDisplayPropertiesSnapshot DisplayProperties { get; internal init; } = new("", 0);

    internal bool IsInternal { get; }

    internal bool IsInactive { get; init; }
}

/// <summary>How an address is shown.</summary>
public sealed record UrlDisplayPropertiesSnapshot
{
    internal UrlDisplayPropertiesSnapshot(string displayName, int sortOrder) => (DisplayName, SortOrder) = (displayName, sortOrder);

    /// <summary>The text of the link.</summary>
    public string DisplayName { get; }

    internal int SortOrder { get; }
}

/// <summary>How a resource is tied to another one.</summary>
public sealed record RelationshipSnapshot
{
    internal RelationshipSnapshot(string resourceName, string type) => (ResourceName, Type) = (resourceName, type);

    /// <summary>The other resource.</summary>
    public string ResourceName { get; }

    /// <summary>Reference, WaitFor or Parent.</summary>
    public string Type { get; }
}

/// <summary>A fact about a resource.</summary>
public sealed record ResourcePropertySnapshot
{
    internal ResourcePropertySnapshot(string name, object? value) => (Name, Value) = (name, value);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its value.</summary>
    public object? Value { get; }

    internal bool IsSensitive { get; init; }

    internal bool IsHighlighted { get; init; }
}

/// <summary>A command of a resource and whether it can be run now.</summary>
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

/// <summary>The newest answer of one health check.</summary>
public sealed record HealthReportSnapshot
{
    internal HealthReportSnapshot(string name, HealthStatus? status, string? description, string? exceptionText) =>
        (Name, Status, Description, ExceptionText) = (name, status, description, exceptionText);

    /// <summary>The key of the check.</summary>
    public string Name { get; }

    /// <summary>Null until the first answer.</summary>
    public HealthStatus? Status { get; }

    /// <summary>What the check said.</summary>
    public string? Description { get; }

    internal string? ExceptionText { get; }

    internal DateTime? LastRunAt { get; init; }
}

/// <summary>Whether a command can be run.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It is shown, but cannot be run now.</summary>
    Disabled,

    /// <summary>It makes no sense now.</summary>
    Hidden,
}
