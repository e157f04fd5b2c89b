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
    /// <c>.ConfigureHttpClient(http => { http.BaseAddress = …; http.DefaultRequestHeaders.Authorization = …; })</c>.
    /// </summary>
    public static IHttpClientBuilder AddPrintCraftClient(this IServiceCollection services) => services.AddRefitGeneratedClient<IPrintCraftApi>(Settings);
}
