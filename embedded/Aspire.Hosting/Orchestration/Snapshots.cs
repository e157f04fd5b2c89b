using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Embedded;

/// <summary>What is shown of a resource before and beside its process.</summary>
internal static class Snapshots
{
    public static CustomResourceSnapshot Initial(IResource resource, DateTime now)
    {
        var icon = resource.All<IconAnnotation>().LastOrDefault();
        var snapshot = new CustomResourceSnapshot(resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal))
        {
            CreationTimeStamp = now,
            State = State(KnownResourceStates.NotStarted),
            IconName = icon?.Name,
            IconVariant = icon?.Variant,
            SupportsDetailedTelemetry = resource is ProjectResource,
            HealthReports = Unasked(resource),
            Relationships = [.. resource.All<RelationshipAnnotation>().Select(one => new RelationshipSnapshot(one.Resource.Name, one.Type)).Distinct()],
        };
        return resource switch
        {
            ProjectResource project => snapshot.WithProperty("project.path", project.ProjectPath).WithProperty("project.launchProfile", project.LaunchProfile),
            ExternalServiceResource service => (snapshot with
            {
                State = State(KnownResourceStates.Running),
                Urls = [new UrlSnapshot(null, service.Uri.ToString(), false)],
            }).WithProperty("resource.source", service.Uri.Host),
            ParameterResource { ValueOrNull: null } => snapshot with { State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, "warning") },
            ParameterResource parameter => (snapshot with { State = State(KnownResourceStates.Running) })
                .WithProperty("Value", parameter.Value, parameter.Secret).WithProperty("resource.source", parameter.Key),
            _ => snapshot,
        };
    }

    public static ImmutableArray<HealthReportSnapshot> Unasked(IResource resource) =>
        [.. resource.All<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))];

    public static ResourceStateSnapshot State(string text) =>
        new(text, text == KnownResourceStates.FailedToStart ? "error" : text == KnownResourceStates.Running ? "success" : null);

    public static ImmutableArray<UrlSnapshot> Urls(IResource resource)
    {
        var urls = resource.All<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedPort is not null)
            .Select(endpoint => new ResourceUrlAnnotation { Url = Reference(endpoint.Name).Url, EndpointName = endpoint.Name }).ToList();
        foreach (var change in resource.All<UrlForEndpointAnnotation>().Where(change => urls.Any(url => url.EndpointName == change.EndpointName)))
        {
            change.Change(urls, Reference(change.EndpointName));
            foreach (var added in urls.Where(url => url.EndpointName is null))
            {
                added.EndpointName = change.EndpointName;
                added.Url = added.Url.StartsWith('/') ? Reference(change.EndpointName).Url + added.Url : added.Url;
            }
        }

        return [.. urls.Select((url, index) => new UrlSnapshot(url.EndpointName, url.Url, false)
        {
            DisplayProperties = new UrlDisplayPropertiesSnapshot(url.DisplayText ?? "", -index),
        })];

        EndpointReference Reference(string name) => new((IResourceWithEndpoints)resource, name);
    }

    public static ImmutableArray<ResourceCommandSnapshot> Commands(string? state)
    {
        var stopped = state is null or KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
        var running = state == KnownResourceStates.Running;
        var stopping = state == KnownResourceStates.Stopping;
        var start = stopped ? ResourceCommandState.Enabled
            : running || stopping ? ResourceCommandState.Hidden
            : ResourceCommandState.Disabled;
        var stop = running ? ResourceCommandState.Enabled : stopping ? ResourceCommandState.Disabled : ResourceCommandState.Hidden;
        var restart = running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        return
        [
            new(KnownResourceCommands.StartCommand, start, "Start", "Play"),
            new(KnownResourceCommands.StopCommand, stop, "Stop", "Stop"),
            new(KnownResourceCommands.RestartCommand, restart, "Restart", "ArrowCounterclockwise") { IsHighlighted = false },
        ];
    }
}
