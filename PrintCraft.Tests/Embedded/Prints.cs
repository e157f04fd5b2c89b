using System.Text.Json;
using System.Text.Json.Serialization;

using Refit;

namespace PrintCraft.Tests.Embedded;

public enum Color { Red, DarkBlue }

public sealed record Print(string Name, int Copies, Color Color);

public interface IPrints
{
    [Get("/prints/{id}")]
    Task<Print> Get(string id, CancellationToken cancellationToken);

    [Get("/prints")]
    Task<Print> List(
        int? limit, string? cursor, bool? mine, [AliasAs("created_after")][Query(Format = "O")] DateTimeOffset? createdAfter, CancellationToken cancellationToken);

    [Post("/prints")]
    Task<Print> Create([Body] Print print, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    [Put("/prints/{name}")]
    Task Replace([AliasAs("name")] string id, [Body] Print print, [Header("Last-Event-ID")] long? last, CancellationToken cancellationToken);

    [Patch("/prints/{id}")]
    Task<HttpResponseMessage> Change(string id, CancellationToken cancellationToken);

    [Delete("/prints/{id}")]
    Task Delete(string id, [Header("Authorization")] string? authorization, CancellationToken cancellationToken);

    [Get("/prints/{id}")]
    Task<IApiResponse<Print>> TryGet(string id, CancellationToken cancellationToken);

    [Get("/prints/{id}")]
    Task<ApiResponse<Print>> TryGetToo(string id, CancellationToken cancellationToken);

    [Post("/prints/{missing}")]
    Task Wrong(CancellationToken cancellationToken);

    [Post("/prints")]
    Task Import([Body] HttpContent file, CancellationToken cancellationToken);

    [Post("/prints")]
    Task Unmarked(Print print, CancellationToken cancellationToken);
}

/// <summary>Makes clients whose requests are answered by the test.</summary>
internal static class StubbedPrints
{
    public static readonly RefitSettings Settings = new(new SystemTextJsonContentSerializer(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    }));

    public static (IPrints Prints, StubHandler Handler) ClientOf(Func<HttpRequestMessage, HttpResponseMessage> answer, string address = "http://api")
    {
        var handler = new StubHandler(answer);
        return (RestService.For<IPrints>(new HttpClient(handler) { BaseAddress = new Uri(address) }, Settings), handler);
    }
}
