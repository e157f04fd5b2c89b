using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace PrintCraft.Tests.Embedded;

/// <summary>What a Refit interface sends and makes of the answer. The same holds with the real package.</summary>
public sealed class RefitTests
{
    private static readonly RefitSettings Settings = new(new SystemTextJsonContentSerializer(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    }));

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
        Task Unmarked(Print print, CancellationToken cancellationToken);
    }

    [Fact]
    public async Task Path_values_are_escaped_and_the_base_path_stays()
    {
        var (prints, handler) = Client(_ => StubHandler.Json("""{"name":"a","copies":2,"color":"darkBlue"}"""), "http://api/v1/");

        var print = await prints.Get("a/b c?&ü", CancellationToken.None);

        Assert.Equal("http://api/v1/prints/a%2Fb%20c%3F%26%C3%BC", handler.Sent.Single().Url);
        Assert.Equal(new Print("a", 2, Color.DarkBlue), print);
    }

    [Fact]
    public async Task Arguments_without_a_place_go_into_the_query_and_nulls_are_left_out()
    {
        var (prints, handler) = Client(_ => StubHandler.Json("null"));

        await prints.List(null, null, null, null, CancellationToken.None);
        await prints.List(5, "a=b&c", true, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal("http://api/prints", handler.Sent[0].Url);
        Assert.Equal("http://api/prints?limit=5&cursor=a%3Db%26c&mine=True&created_after=2026-01-02T03%3A04%3A05.0000000%2B00%3A00", handler.Sent[1].Url);
    }

    [Fact]
    public async Task An_object_is_the_body_of_a_POST_in_camel_case()
    {
        var (prints, handler) = Client(request => StubHandler.Json("""{"Name":"a","COPIES":1,"color":"Red"}""", HttpStatusCode.Created));

        var print = await prints.Create(new("a", 1, Color.Red), "wait=5", CancellationToken.None);

        Assert.Equal(new Print("a", 1, Color.Red), print);
        Assert.Equal("""{"name":"a","copies":1,"color":"red"}""", handler.Sent.Single().Body);
        Assert.Equal("application/json; charset=utf-8", handler.Sent.Single().Headers["Content-Type"]);
        Assert.Equal("wait=5", handler.Sent.Single().Headers["Prefer"]);
    }

    [Fact]
    public async Task Headers_are_sent_unless_null_and_hold_no_second_one()
    {
        var (prints, handler) = Client(_ => new(HttpStatusCode.NoContent));

        await prints.Replace("a", new("a", 1, Color.Red), null, CancellationToken.None);
        await prints.Replace("a", new("a", 1, Color.Red), 12, CancellationToken.None);
        await prints.Delete("a", "Bearer x\r\nEvil: yes", CancellationToken.None);

        Assert.DoesNotContain("Last-Event-ID", handler.Sent[0].Headers.Keys);
        Assert.Equal("12", handler.Sent[1].Headers["Last-Event-ID"]);
        Assert.Equal("Bearer xEvil: yes", handler.Sent[2].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_raw_answer_is_the_callers_whatever_its_status()
    {
        var (prints, _) = Client(_ => StubHandler.Json("nope", HttpStatusCode.NotFound));

        using var response = await prints.Change("a", CancellationToken.None);

        Assert.Equal((HttpStatusCode.NotFound, "nope"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/problem+json")]
    public async Task An_error_status_is_an_ApiException_with_status_headers_and_body(string mediaType)
    {
        var (prints, _) = Client(_ =>
        {
            var answer = StubHandler.Json("""{"title":"why"}""", HttpStatusCode.Conflict, mediaType);
            answer.Headers.Add("X-Request-Id", "7");
            return answer;
        });

        var error = await Assert.ThrowsAnyAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        var fromTask = await Assert.ThrowsAnyAsync<ApiException>(() => prints.Delete("a", null, CancellationToken.None));

        Assert.Equal((HttpStatusCode.Conflict, """{"title":"why"}"""), (error.StatusCode, error.Content));
        Assert.Contains("409 (Conflict)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["7"], error.Headers.GetValues("X-Request-Id"));
        Assert.Equal(HttpStatusCode.Conflict, fromTask.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_an_ApiException_with_cause_status_and_body()
    {
        var (prints, _) = Client(_ => StubHandler.Json("<html>"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.IsType<JsonException>(error.InnerException);
        Assert.Equal((HttpStatusCode.OK, "<html>"), (error.StatusCode, error.Content));
        Assert.Equal((HttpStatusCode.OK, false), (response.StatusCode, response.IsSuccessful));
        Assert.IsType<ApiException>(response.Error);
    }

    [Fact]
    public async Task No_content_is_null()
    {
        var (prints, _) = Client(_ => new(HttpStatusCode.NoContent));

        Assert.Null(await prints.Get("a", CancellationToken.None));
    }

    [Fact]
    public async Task An_ApiResponse_has_status_headers_and_content()
    {
        var (prints, _) = Client(_ =>
        {
            var answer = StubHandler.Json("""{"name":"a","copies":1,"color":0}""");
            answer.Headers.ETag = new("\"1\"");
            return answer;
        });

        using var response = await prints.TryGet("a", CancellationToken.None);
        using var same = await prints.TryGetToo("a", CancellationToken.None);

        Assert.True(response.IsSuccessful);
        Assert.Equal(("a", HttpStatusCode.OK, "\"1\""), (response.Content!.Name, response.StatusCode, response.Headers.ETag!.Tag));
        Assert.Equal(response.Content, same.Content);
    }

    [Fact]
    public async Task An_ApiResponse_holds_an_error_instead_of_throwing()
    {
        var (prints, _) = Client(_ => StubHandler.Json("gone", HttpStatusCode.Gone));

        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal((false, HttpStatusCode.Gone, (Print?)null), (response.IsSuccessful, response.StatusCode, response.Content));
        Assert.Equal("gone", Assert.IsType<ApiException>(response.Error).Content);
    }

    [Fact]
    public async Task A_failed_connection_is_an_ApiRequestException_except_from_a_bare_Task()
    {
        var (prints, _) = Client(_ => throw new HttpRequestException("refused"));

        var error = await Assert.ThrowsAsync<ApiRequestException>(() => prints.Get("a", CancellationToken.None));
        await Assert.ThrowsAsync<ApiRequestException>(() => prints.Change("a", CancellationToken.None));
        await Assert.ThrowsAsync<HttpRequestException>(() => prints.Delete("a", null, CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal("refused", error.Message);
        Assert.IsType<HttpRequestException>(error.InnerException);
        Assert.IsType<ApiRequestException>(response.Error);
        Assert.Null(response.StatusCode);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var (prints, _) = Client(_ =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => prints.Get("a", cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => prints.TryGet("a", cancellation.Token));
    }

    [Fact]
    public async Task A_placeholder_without_parameter_fails_at_the_first_call()
    {
        var (prints, _) = Client(_ => new());

        await Assert.ThrowsAsync<ArgumentException>(() => prints.Wrong(CancellationToken.None));
    }

    [EmbeddedFact]
    public async Task An_object_that_is_not_marked_as_the_body_is_refused_instead_of_being_sent_otherwise()
    {
        var (prints, handler) = Client(_ => new());

        await Assert.ThrowsAsync<NotSupportedException>(() => prints.Unmarked(new("a", 1, Color.Red), CancellationToken.None));

        Assert.Empty(handler.Sent);
    }

    [Fact]
    public async Task A_client_needs_a_base_address()
    {
        using var http = new HttpClient();

        await Assert.ThrowsAsync<InvalidOperationException>(() => RestService.For<IPrints>(http, Settings).Get("a", CancellationToken.None));
    }

    [Fact]
    public async Task A_registered_client_uses_the_factorys_HttpClient_and_the_given_settings()
    {
        var handler = new StubHandler(_ => StubHandler.Json("""{"name":"a","copies":1,"color":0}"""));
        var settings = new RefitSettings(new SystemTextJsonContentSerializer(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper }));
        var services = new ServiceCollection();
        services.AddRefitGeneratedClient<IPrints>(settings)
            .ConfigureHttpClient(http => http.BaseAddress = new Uri("https+http://api/"))
            .ConfigurePrimaryHttpMessageHandler(() => handler);
        var prints = services.BuildServiceProvider().GetRequiredService<IPrints>();

        var print = await prints.Create(new("a", 1, Color.Red), null, CancellationToken.None);

        Assert.Null(print.Name);
        Assert.Equal("https+http://api/prints", handler.Sent.Single().Url);
        Assert.Equal("""{"NAME":"a","COPIES":1,"COLOR":0}""", handler.Sent.Single().Body);
    }

    [Fact]
    public async Task An_internal_interface_works()
    {
        using var http = new HttpClient(new StubHandler(_ => StubHandler.Json("""{"name":"hi","copies":1,"color":"red"}"""))) { BaseAddress = new Uri("http://api") };

        Assert.Equal("hi", (await RestService.For<IInternal>(http, Settings).Hello(CancellationToken.None)).Name);
    }

    internal interface IInternal
    {
        [Get("/hello")]
        Task<Print> Hello(CancellationToken cancellationToken);
    }

    private static (IPrints Prints, StubHandler Handler) Client(Func<HttpRequestMessage, HttpResponseMessage> answer, string address = "http://api")
    {
        var handler = new StubHandler(answer);
        return (RestService.For<IPrints>(new HttpClient(handler) { BaseAddress = new Uri(address) }, Settings), handler);
    }
}
