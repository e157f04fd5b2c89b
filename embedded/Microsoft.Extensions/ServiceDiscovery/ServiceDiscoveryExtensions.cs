namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers service discovery.</summary>
public static class ServiceDiscoveryServiceCollectionExtensions
{
    /// <summary>Finds services in the configuration section Services. Upstream has options and services of its own; here a client's handler does it all.</summary>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services) => services;
}

/// <summary>Uses service discovery for an HttpClient.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>Sends each request to the next known address of the service that its host names.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder) =>
        httpClientBuilder.AddHttpMessageHandler(services => new ServiceDiscoveryHandler(services.GetRequiredService<IConfiguration>()));
}
