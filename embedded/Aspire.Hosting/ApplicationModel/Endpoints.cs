namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address where a resource listens. The public port is allocated when the application starts.</summary>
internal sealed class EndpointAnnotation(string name, string scheme, int? port) : IResourceAnnotation
{
    public string Name => name;

    public string Scheme => scheme;

    public int? Port { get; set; } = port;

    public string? EnvironmentVariable { get; init; }

    public int? AllocatedPort { get; set; }

    public bool IsHttp => scheme is "http" or "https";
}

/// <summary>An endpoint of a resource, by name; it may be named before it is declared. Here it is always on localhost.</summary>
public sealed class EndpointReference
{
    private readonly string _name;

    internal EndpointReference(IResourceWithEndpoints owner, string endpointName) => (Resource, _name) = (owner, endpointName);

    /// <summary>The public address; throws until the application has started.</summary>
    public string Url => Endpoint.AllocatedPort is { } port
        ? $"{Endpoint.Scheme}://localhost:{port}"
        : throw new InvalidOperationException($"The endpoint '{_name}' of resource '{Resource.Name}' has no port yet: the application has not started.");

    internal IResourceWithEndpoints Resource { get; }

    internal bool IsAllocated => Endpoint.AllocatedPort is not null;

    internal EndpointAnnotation Endpoint => Resource.All<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == _name)
        ?? throw new DistributedApplicationException($"Resource '{Resource.Name}' has no endpoint named '{_name}'.");
}

/// <summary>An address to show for a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address; one that starts with a slash is taken from the endpoint's address.</summary>
    public required string Url { get; set; }

    /// <summary>The text to show instead of the address.</summary>
    public string? DisplayText { get; set; }

    internal string? EndpointName { get; set; }
}
