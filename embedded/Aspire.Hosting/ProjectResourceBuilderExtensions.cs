using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Where a project lies; the build generates one class for each project that the AppHost refers to.</summary>
public interface IProjectMetadata
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
        var target = typeof(TProject).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(metadata => metadata.Key == $"TargetPath:{path}").Value!;
        var project = builder.Add(new ProjectResource(name, path, target));
        if (LaunchProfile.Find(Path.GetDirectoryName(path)!, builder.Configuration["DOTNET_LAUNCH_PROFILE"]) is { } profile)
        {
            var urls = (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url));
            project.Resource.LaunchProfile = profile.Name;
            project.Resource.Description.Endpoints.AddRange(urls.Select(url => new Endpoint(url.Scheme, url.Scheme, url.Port)));
            project.Resource.Description.Environment.Add(profile.AddTo);
        }

        return project;
    }

    /// <summary>How many instances run behind the same addresses.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.Describe(it => it.Replicas = replicas);
}
