using System.Reflection;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project lies; the build generates one class for each project that the AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }
}

/// <summary>Adds projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project with the endpoints and variables of its launch profile: the AppHost's, else its first.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        var path = new TProject().ProjectPath;
        var target = typeof(TProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == $"TargetPath:{path}")?.Value
            ?? throw new DistributedApplicationException($"The AppHost was built without the target path of '{path}': build it again.");
        var resource = new ProjectResource(name, path, target);
        var project = builder.Add(resource);
        if (LaunchProfile.Find(Path.GetDirectoryName(path)!, builder.Configuration["DOTNET_LAUNCH_PROFILE"]) is { } profile)
        {
            resource.LaunchProfile = profile.Name;
            foreach (var url in profile.Urls)
            {
                project.Annotate(new EndpointAnnotation(url.Scheme, url.Scheme, url.Port));
            }

            project.Annotate(new EnvironmentAnnotation(profile.AddTo));
        }

        return project;
    }

    /// <summary>How many instances run behind the same addresses.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.Annotate(new ReplicaAnnotation(replicas));
}
