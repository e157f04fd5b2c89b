using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace PrintCraft.Tests.Embedded;

/// <summary>A client with the standard handler, whose requests a test answers.</summary>
internal static class ResilientClient
{
    public static readonly Uri Address = new("http://api/");

    public static void NoDelay(HttpStandardResilienceOptions options) => options.Retry.Delay = TimeSpan.Zero;

    public static HttpClient ClientOf(HttpMessageHandler handler, Action<HttpStandardResilienceOptions> configure, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => handler).AddStandardResilienceHandler(configure);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }
}
