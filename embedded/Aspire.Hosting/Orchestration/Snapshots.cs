using System.Collections.Immutable;
using static Aspire.Hosting.ApplicationModel.ResourceCommandState;

namespace Aspire.Hosting.Embedded;

/// <summary>What is shown of a resource before and beside its process.</summary>
internal static class Snapshots
{
    public static CustomResourceSnapshot Initial(IResource resource, DateTime now)
    {
        var snapshot = new CustomResourceSnapshot(resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal))
        {
            CreationTimeStamp = now,
            State = State(KnownResourceStates.NotStarted),
            SupportsDetailedTelemetry = resource is ProjectResource,
            HealthReports = Unasked(resource),
            Relationships = [.. resource.Description.Relationships],
        };
        var running = snapshot with { State = State(KnownResourceStates.Running) };
        return resource switch
        {
            ProjectResource project => snapshot.With("project.path", project.ProjectPath).With("project.launchProfile", project.LaunchProfile),
            ExternalServiceResource service => running.With("resource.source", service.Uri.Host) with { Urls = [new(null, service.Uri.ToString())] },
            ParameterResource { ValueOrNull: null } => snapshot with { State = new(KnownResourceStates.ValueMissing, "warning") },
            ParameterResource parameter => running.With("Value", parameter.Value, parameter.Secret).With("resource.source", parameter.Key),
            _ => snapshot,
        };
    }

    public static ImmutableArray<HealthReportSnapshot> Unasked(IResource resource) =>
        [.. resource.Description.HealthChecks.Select(key => new HealthReportSnapshot(key, null, null, null))];

    public static ResourceStateSnapshot State(string text) =>
        new(text, text == KnownResourceStates.FailedToStart ? "error" : text == KnownResourceStates.Running ? "success" : null);

    public static ImmutableArray<UrlSnapshot> Urls(IResource resource)
    {
        var urls = resource.Description.Endpoints.ConvertAll(one => new ResourceUrlAnnotation { Url = Reference(one.Name).Url, EndpointName = one.Name });
        foreach (var (endpoint, change) in resource.Description.UrlChanges.Where(change => urls.Exists(url => url.EndpointName == change.Endpoint)))
        {
            change(urls, Reference(endpoint));
            foreach (var added in urls.Where(url => url.EndpointName is null))
            {
                (added.EndpointName, added.Url) = (endpoint, added.Url.StartsWith('/') ? Reference(endpoint).Url + added.Url : added.Url);
            }
        }

        return [.. urls.Select((url, index) => new UrlSnapshot(url.EndpointName, url.Url, url.DisplayText ?? "", -index))];

        EndpointReference Reference(string name) => new(resource, name);
    }

    /// <summary>Those of its process, if there is one, and those that the AppHost added.</summary>
    public static ImmutableArray<ResourceCommandSnapshot> Commands(ResourceInstance instance, CustomResourceSnapshot snapshot) =>
        [.. instance.HasProcess ? OfProcess(snapshot.State?.Text) : [], .. instance.Resource.Description.Commands.Select(command => command.ToSnapshot(snapshot))];

    public static ImmutableArray<ResourceCommandSnapshot> OfProcess(string? state)
    {
        var running = state == KnownResourceStates.Running;
        var stopping = state == KnownResourceStates.Stopping;
        var stopped = state is null or KnownResourceStates.NotStarted || KnownResourceStates.IsTerminal(state);
        return
        [
            new(KnownResourceCommands.StartCommand, stopped ? Enabled : running || stopping ? Hidden : Disabled, "Start", "Play"),
            new(KnownResourceCommands.StopCommand, running ? Enabled : stopping ? Disabled : Hidden, "Stop", "Stop"),
            new(KnownResourceCommands.RestartCommand, running ? Enabled : Disabled, "Restart", "ArrowCounterclockwise", IsHighlighted: false),
        ];
    }
}
