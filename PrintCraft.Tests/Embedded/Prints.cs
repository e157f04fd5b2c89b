using System.Runtime.Serialization;

using Refit;

namespace PrintCraft.Tests.Embedded;

public enum Color
{
    Red,
    [EnumMember(Value = "dark-blue")] DarkBlue,
}

public sealed record Print(string Name, int Copies, Color Color);

[Headers("User-Agent: printcraft", "X-Interface: yes")]
public interface IPrints
{
    [Get("/prints/{id}")]
    Task<Print> Get(string id, CancellationToken cancellationToken);

    [Get("/prints/{id}/parts/{part?}")]
    Task<string> Part(int id, string? part, CancellationToken cancellationToken);

    [Get("/files/{**key}")]
    Task<string> File(string key, CancellationToken cancellationToken);

    [Get("/prints?sort=name")]
    Task<string> List(
        int? limit, string? cursor, Color? color, bool? mine, [AliasAs("created_after")][Query(Format = "O")] DateTimeOffset? createdAfter,
        IEnumerable<int>? ids, CancellationToken cancellationToken);

    [Post("/prints")]
    Task<Print> Create(Print print, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    [Put("/prints/{name}")]
    [Headers("X-Interface", "X-Method: put")]
    Task Replace([AliasAs("name")] string id, [Body(buffered: true)] Print print, CancellationToken cancellationToken);

    [Patch("/prints/{id}")]
    Task<HttpResponseMessage> Change(string id, [Body] string raw, CancellationToken cancellationToken);

    [Delete("/prints/{id}")]
    Task Delete(string id, [Header("Authorization")] string? authorization, CancellationToken cancellationToken);

    [Get("/prints/{id}")]
    Task<IApiResponse<Print>> TryGet(string id, CancellationToken cancellationToken);

    [Get("/prints/{id}")]
    Task<ApiResponse<string>> TryGetText(string id, CancellationToken cancellationToken);

    [Delete("/prints/{id}")]
    Task<IApiResponse> TryDelete(string id, CancellationToken cancellationToken);

    [Post("/prints/{missing}")]
    Task Wrong(CancellationToken cancellationToken);
}

/// <summary>Makes clients whose requests are answered by the test.</summary>
internal static class StubbedPrints
{
    public static (IPrints Prints, StubHandler Handler) ClientOf(Func<HttpRequestMessage, HttpResponseMessage> answer, string address = "http://api")
    {
        var handler = new StubHandler(answer);
        return (RestService.For<IPrints>(new HttpClient(handler) { BaseAddress = new Uri(address) }), handler);
    }
}
