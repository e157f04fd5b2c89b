namespace Refit;

/// <summary>Makes clients from interfaces; upstream generates them, here a proxy reads the attributes at the first call.</summary>
public static class RestService
{
    public static T For<T>(HttpClient client, RefitSettings settings) => RestProxy<T>.Create(client, settings);
}

/// <summary>Registers transient clients; their HttpClient is named after T (upstream: after the generated type).</summary>
public static class HttpClientFactoryExtensions
{
    public static IHttpClientBuilder AddRefitGeneratedClient<T>(this IServiceCollection services, RefitSettings settings) where T : class =>
        services.AddHttpClient(typeof(T).FullName!)
            .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler())
            .AddTypedClient(client => RestService.For<T>(client, settings));
}

[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "DispatchProxy derives from it at run time.")]
internal class RestProxy<T> : DispatchProxy
{
    private static readonly ConcurrentDictionary<MethodInfo, RestMethod> Methods = new();
    private HttpClient? _client;
    private JsonSerializerOptions? _json;

    public static T Create(HttpClient client, RefitSettings settings)
    {
        object api = Create<T, RestProxy<T>>()!;
        (((RestProxy<T>)api)._client, ((RestProxy<T>)api)._json) = (client, settings.Json);
        return (T)api;
    }

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args) =>
        Methods.GetOrAdd(targetMethod!, method => new(method)).CallAsync(_client!, _json!, args ?? []);
}
