using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value that the configuration must give as Parameters:name.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.Add(new ParameterResource(name, builder.Configuration, secret, defaultValue: null));

    /// <summary>Adds a value with a default; a persistent one is kept with the servers' data (upstream: in the user secrets).</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.Add(persist
            ? Persistent(builder, name, value, secret)
            : new ParameterResource(name, builder.Configuration, secret, value.GetDefaultValue));

    internal static ParameterResource ServerPassword(IDistributedApplicationBuilder builder, string server) =>
        Persistent(builder, $"{server}-password", new GenerateParameterDefault { Special = false }, secret: true);

    private static ParameterResource Persistent(IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret) =>
        new(name, builder.Configuration, secret, () => builder.Secrets($"Parameters:{name}", value.GetDefaultValue));
}

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program; a relative working directory is taken from the AppHost's.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.Add(new ExecutableResource(name, command, Path.GetFullPath(workingDirectory, builder.AppHostDirectory))).WithArgs(args ?? []);
}

/// <summary>Adds services that somebody else runs.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service by its address, which ends with a slash.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/"
            ? builder.Add(new ExternalServiceResource(name, uri))
            : throw new DistributedApplicationException($"The address '{url}' of external service '{name}' must be absolute and without a path.");
}

/// <summary>What to do when something happens to a resource.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Runs when the resource has become healthy, once for each time it was started; who waits for it waits for this too.</summary>
    public static IResourceBuilder<T> OnResourceReady<T>(
        this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback) where T : IResource =>
        builder.Annotate(new ReadyAnnotation((ready, cancellationToken) => callback((T)ready.Resource, ready, cancellationToken)));
}
