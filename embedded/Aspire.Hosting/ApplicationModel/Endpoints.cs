namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a resource listens: upstream's EndpointAnnotation. The public port is allocated when the application starts.</summary>
internal sealed record Endpoint(string Name, string Scheme, int? WantedPort = null, string? Variable = null)
{
    public int? Port { get; set; }
}

/// <summary>An endpoint of a resource, by name; it may be named before it is declared. Here it is always on localhost.</summary>
public sealed class EndpointReference
{
    private readonly string _name;

    internal EndpointReference(IResource owner, string endpointName) => (Resource, _name) = (owner, endpointName);

    /// <summary>The public address; throws until the application has started.</summary>
    public string Url => Resource.Description.Endpoints.FirstOrDefault(endpoint => endpoint.Name == _name) is not { } endpoint
        ? throw new DistributedApplicationException($"Resource '{Resource.Name}' has no endpoint named '{_name}'.")
        : $"{endpoint.Scheme}://localhost:{endpoint.Port ?? throw new InvalidOperationException($"Endpoint '{_name}' of '{Resource.Name}' has no port before the start.")}";

    internal IResource Resource { get; }
}

/// <summary>An address to show for a resource.</summary>
public sealed class ResourceUrlAnnotation
{
    /// <summary>The address; one that starts with a slash is taken from the endpoint's address.</summary>
    public required string Url { get; set; }
    /// <summary>The text to show instead of the address.</summary>
    public string? DisplayText { get; set; }

    internal string? EndpointName { get; set; }
}
