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
        builder.Add(Create(builder, name, value, secret, persist));

    /// <summary>Not in the model of its own.</summary>
    internal static ParameterResource ServerPassword(this IDistributedApplicationBuilder builder, string server) =>
        Create(builder, $"{server}-password", new GenerateParameterDefault { Special = false }, secret: true, persist: true);

    private static ParameterResource Create(IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist) =>
        new(name, builder.Configuration, secret, persist ? () => builder.GetOrCreateSecret($"Parameters:{name}", value.GetDefaultValue) : value.GetDefaultValue);
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
    /// <summary>Adds a service by its address, which has no path.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, string name, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/"
            ? builder.Add(new ExternalServiceResource(name, uri))
            : throw new DistributedApplicationException($"The address '{url}' of external service '{name}' must be absolute and without a path.");
}
