using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

using Microsoft.Extensions.DependencyInjection;

using Refit;

namespace PrintCraft.Client;

public static class PrintCraftClient
{
    /// <summary>How the client reads and writes JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static RefitSettings Settings { get; } = new(new SystemTextJsonContentSerializer(Json));

    /// <summary>
    /// Registers <see cref="IPrintCraftApi"/>. Set base address and credential on the returned builder:
    /// <c>.ConfigureHttpClient(http => { http.BaseAddress = …; http.DefaultRequestHeaders.Authorization = …; })</c>. What may safely be repeated after a
    /// passing failure is repeated (<see cref="SafeRetry"/>).
    /// </summary>
    public static IHttpClientBuilder AddPrintCraftClient(this IServiceCollection services) =>
        services.AddRefitGeneratedClient<IPrintCraftApi>(Settings).AddHttpMessageHandler(provider => new SafeRetry(provider.GetService<TimeProvider>() ?? TimeProvider.System));

    /// <summary>The same without a container, for a program that makes one client and keeps it.</summary>
    /// <param name="credential">An access token, an API key, or in development the credential that the AppHost prints.</param>
    public static IPrintCraftApi Create(Uri address, string credential)
    {
        var http = new HttpClient(new SafeRetry(TimeProvider.System) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } })
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", credential) },
        };
        return RestService.For<IPrintCraftApi>(http, Settings);
    }
}
