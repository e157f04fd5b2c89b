using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Testing;

/// <summary>Ways into a started application.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>The address of the resource; of its https endpoint, else its http endpoint, when none is named.</summary>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var resource = Find(app, resourceName);
        return new Uri(new EndpointReference(resource, endpointName ?? (resource.Description.Endpoints.Any(one => one.Name == "https") ? "https" : "http")).Url);
    }

    /// <summary>The connection string of the resource.</summary>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        ((IResourceWithConnectionString)Find(app, resourceName)).GetConnectionStringAsync(cancellationToken);

    private static IResource Find(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources.FirstOrDefault(resource => resource.Name == name)
        ?? throw new ArgumentException($"There is no such resource as '{name}'.", nameof(name));
}
