namespace Aspire.Hosting;

/// <summary>What every kind of resource can be told.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Describe(it => it.Environment.Add(variables => variables[name] = value ?? ""));

    /// <summary>Sets an environment variable to what the callback says when the resource starts.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment => builder.Describe(it => it.Environment.Add(variables => variables[name] = callback()));

    /// <summary>Sets an environment variable to the value of a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.Describe(it => it.Environment.Add(variables => variables[name] = parameter.Resource.Value)).RelateTo(parameter.Resource, "Reference");

    /// <summary>Sets an environment variable to the address of an endpoint.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment
    {
        builder.Describe(it => it.Environment.Add(variables => variables[name] = endpointReference.Url));
        return ReferenceEquals(endpointReference.Resource, builder.Resource) ? builder : builder.RelateTo(endpointReference.Resource, "Reference");
    }

    /// <summary>Appends command line arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.Describe(it => it.Arguments.AddRange(args));

    /// <summary>Adds an http endpoint behind a proxy. The program finds its port in ASPNETCORE_URLS or in the named variable.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null, string? name = null, string? env = null)
        where T : IResourceWithEndpoints => builder.Resource.Description.Endpoints.Any(endpoint => endpoint.Name == (name ?? "http"))
            ? throw new DistributedApplicationException($"'{builder.Resource.Name}' has an endpoint '{name ?? "http"}' already.")
            : builder.Describe(it => it.Endpoints.Add(new Endpoint(name ?? "http", "http", port, env)));

    /// <summary>The endpoint of that name.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Hands over the connection string and its parts as environment variables.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source)
        where TDestination : IResourceWithEnvironment =>
        builder.Describe(it => it.Environment.Add(variables => ResourceEnvironment.AddConnection(variables, source.Resource)))
            .RelateTo(source.Resource, "Reference");

    /// <summary>Hands over the addresses of another project, for service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.Describe(it => it.Environment.Add(variables => ResourceEnvironment.AddService(variables, source.Resource)))
            .RelateTo(source.Resource, "Reference");

    /// <summary>Hands over the address of an external service, for service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment =>
        builder.Describe(it => it.Environment.Add(variables => ResourceEnvironment.AddExternal(variables, externalService.Resource)))
            .RelateTo(externalService.Resource, "Reference");

    /// <summary>Starts only when the dependency runs and is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        builder.Describe(it => it.Waits.Add((dependency.Resource, null))).RelateTo(dependency.Resource, "WaitFor");

    /// <summary>Starts only when the dependency has ended with that exit code.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport =>
        builder.Describe(it => it.Waits.Add((dependency.Resource, exitCode))).RelateTo(dependency.Resource, "WaitFor");

    /// <summary>The resource is healthy only while the registered health check of that name says so.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource => builder.Describe(it => it.HealthChecks.Add(key));

    /// <summary>The resource is healthy only while GET on the path answers with the status, 200 when none is given.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var name = endpointName ?? (builder.Resource.Description.Endpoints.Any(endpoint => endpoint.Scheme == "https") ? "https" : "http");
        var key = $"{builder.Resource.Name}_{name}_{path ?? "/"}_{statusCode ?? 200}_check";
        var endpoint = builder.GetEndpoint(name);
        HealthChecks.AddHttp(builder.ApplicationBuilder.Services, key, () => new Uri(new Uri(endpoint.Url), path), statusCode ?? 200);
        return builder.WithHealthCheck(key);
    }

    /// <summary>Adds a command, which the dashboard shows and <see cref="ResourceCommandService"/> runs.</summary>
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder, string name, string displayName, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand, CommandOptions? commandOptions = null)
        where T : IResource => builder.Describe(it => it.Commands.Add(new ResourceCommand(name, displayName, commandOptions ?? new(), executeCommand)));

    /// <summary>Changes how the address of an endpoint is shown.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(this IResourceBuilder<T> builder, string endpointName, Action<ResourceUrlAnnotation> callback)
        where T : IResource =>
        builder.Describe(it => it.UrlChanges.Add((endpointName, (urls, _) => urls.Where(url => url.EndpointName == endpointName).ToList().ForEach(callback))));

    /// <summary>Shows one more address.</summary>
    public static IResourceBuilder<T> WithUrlForEndpoint<T>(
        this IResourceBuilder<T> builder, string endpointName, Func<EndpointReference, ResourceUrlAnnotation> callback)
        where T : IResourceWithEndpoints => builder.Describe(it => it.UrlChanges.Add((endpointName, (urls, endpoint) => urls.Add(callback(endpoint)))));
}

/// <summary>What a resource says of itself.</summary>
public static class ResourceExtensions
{
    /// <summary>How many instances it has.</summary>
    public static int GetReplicaCount(this IResource resource) => resource.Description.Replicas;
}

/// <summary>What to do when something happens to a resource.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Runs when the resource has become healthy, once for each time it was started; who waits for it waits for this too.</summary>
    public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
        where T : IResource =>
        builder.Describe(it => it.WhenReady.Add((ready, cancellationToken) => callback((T)ready.Resource, ready, cancellationToken)));
}
