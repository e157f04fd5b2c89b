using System.Net;
using System.Runtime.Serialization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace PrintCraft.Tests.Embedded;

/// <summary>What a Refit interface sends and makes of the answer. The same holds with the real package.</summary>
public sealed class RefitTests
{
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

    [Fact]
    public async Task Path_values_are_escaped_and_the_base_path_stays()
    {
        var (prints, handler) = Client(_ => StubHandler.Json("""{"name":"a","copies":"2","color":"darkBlue"}"""), "http://api/v1/");

        var print = await prints.Get("a/b c?&ü", CancellationToken.None);

        Assert.Equal("http://api/v1/prints/a%2Fb%20c%3F%26%C3%BC", handler.Sent.Single().Url);
        Assert.Equal(new Print("a", 2, Color.DarkBlue), print);
    }

    [Theory]
    [InlineData("x", "http://api/prints/5/parts/x")]
    [InlineData("", "http://api/prints/5/parts/")]
    [InlineData(null, "http://api/prints/5/parts")]
    public async Task An_optional_segment_is_dropped_when_null(string? part, string url)
    {
        var (prints, handler) = Client(_ => StubHandler.Json("text"));

        Assert.Equal("text", await prints.Part(5, part, CancellationToken.None));

        Assert.Equal(url, handler.Sent.Single().Url);
    }

    [Fact]
    public async Task A_round_trip_segment_keeps_its_slashes()
    {
        var (prints, handler) = Client(_ => new());

        await prints.File("a b/c", CancellationToken.None);

        Assert.Equal("http://api/files/a%20b/c", handler.Sent.Single().Url);
    }

    [Fact]
    public async Task Arguments_without_a_place_go_into_the_query_and_nulls_are_left_out()
    {
        var (prints, handler) = Client(_ => new());

        await prints.List(null, null, null, null, null, null, CancellationToken.None);
        await prints.List(5, "a=b&c", Color.DarkBlue, true, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), [1, 2], CancellationToken.None);

        Assert.Equal("http://api/prints?sort=name", handler.Sent[0].Url);
        Assert.Equal(
            "http://api/prints?sort=name&limit=5&cursor=a%3Db%26c&color=dark-blue&mine=True&created_after=2026-01-02T03%3A04%3A05.0000000%2B00%3A00&ids=1%2C2",
            handler.Sent[1].Url);
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
    public async Task A_null_header_is_not_sent()
    {
        var (prints, handler) = Client(_ => StubHandler.Json("null"));

        await prints.Create(new("a", 1, Color.Red), null, CancellationToken.None);

        Assert.DoesNotContain("Prefer", handler.Sent.Single().Headers.Keys);
    }

    [Fact]
    public async Task Headers_of_interface_method_and_parameter_add_up_and_the_nearest_wins()
    {
        var (prints, handler) = Client(_ => new(HttpStatusCode.NoContent));

        await prints.Replace("a", new("a", 1, Color.Red), CancellationToken.None);
        await prints.Delete("a", "Bearer x\r\nEvil: yes", CancellationToken.None);

        Assert.Equal("printcraft", handler.Sent[0].Headers["User-Agent"]);
        Assert.Equal("put", handler.Sent[0].Headers["X-Method"]);
        Assert.DoesNotContain("X-Interface", handler.Sent[0].Headers.Keys);
        Assert.Equal("yes", handler.Sent[1].Headers["X-Interface"]);
        Assert.Equal("Bearer xEvil: yes", handler.Sent[1].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_string_body_is_sent_as_it_is_and_a_raw_answer_is_the_callers()
    {
        var (prints, handler) = Client(_ => StubHandler.Json("nope", HttpStatusCode.NotFound));

        using var response = await prints.Change("a", "raw", CancellationToken.None);

        Assert.Equal(("raw", "text/plain; charset=utf-8"), (handler.Sent.Single().Body, handler.Sent.Single().Headers["Content-Type"]));
        Assert.Equal((HttpStatusCode.NotFound, "nope"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_error_status_is_an_ApiException_with_request_status_and_body()
    {
        var (prints, _) = Client(_ =>
        {
            var answer = StubHandler.Json("""{"name":"why"}""", HttpStatusCode.Conflict);
            answer.Headers.Add("X-Request-Id", "7");
            return answer;
        });

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        var fromTask = await Assert.ThrowsAsync<ApiException>(() => prints.Delete("a", null, CancellationToken.None));

        Assert.Equal((HttpStatusCode.Conflict, "Conflict", true), (error.StatusCode, error.ReasonPhrase, error.HasContent));
        Assert.Equal((HttpMethod.Get, "http://api/prints/a"), (error.HttpMethod, error.Uri!.AbsoluteUri));
        Assert.Equal(["7"], error.Headers.GetValues("X-Request-Id"));
        Assert.Equal("why", (await error.GetContentAsAsync<Print>())!.Name);
        Assert.Equal(HttpStatusCode.Conflict, fromTask.StatusCode);
    }

    [Fact]
    public async Task Problem_details_are_a_ValidationApiException_that_keeps_the_body()
    {
        const string Body = """{"type":"t","title":"Bad","status":400,"detail":"why","instance":"/prints/a","errors":{"copies":["too many"]},"traceId":"1"}""";
        var (prints, _) = Client(_ => StubHandler.Json(Body, HttpStatusCode.BadRequest, "application/problem+json"));

        var error = await Assert.ThrowsAsync<ValidationApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal(("t", "Bad", 400), (error.Content!.Type, error.Content.Title, error.Content.Status));
        Assert.Equal(("why", "/prints/a"), (error.Content.Detail, error.Content.Instance));
        Assert.Equal(["too many"], error.Content.Errors["copies"]);
        Assert.Equal("1", error.Content.Extensions["traceId"].ToString());
        Assert.Equal(Body, ((ApiException)error).Content);
        Assert.Equal("1", (await error.GetContentAsAsync<JsonElement>()).GetProperty("traceId").GetString());
        Assert.IsType<ValidationApiException>(response.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task Problem_details_that_cannot_be_read_are_an_ApiException(string body)
    {
        var (prints, _) = Client(_ => StubHandler.Json(body, HttpStatusCode.BadRequest, "application/problem+json"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));

        Assert.Equal((body, body.Length > 0), (error.Content, error.HasContent));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_an_ApiException_with_cause_status_and_body()
    {
        var (prints, _) = Client(_ => StubHandler.Json("<html>"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.IsType<JsonException>(error.InnerException);
        Assert.Equal((HttpStatusCode.OK, "<html>"), (error.StatusCode, error.Content));
        Assert.Equal((true, false), (response.IsSuccessStatusCode, response.IsSuccessful));
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
        using var text = await prints.TryGetText("a", CancellationToken.None);
        using var deleted = await prints.TryDelete("a", CancellationToken.None);

        Assert.True(response.IsSuccessfulWithContent);
        Assert.Equal(("a", HttpStatusCode.OK, "\"1\""), (response.Content.Name, response.StatusCode, response.Headers!.ETag!.Tag));
        Assert.Equal("application/json", response.ContentHeaders!.ContentType!.MediaType);
        Assert.Equal("http://api/prints/a", response.RequestMessage!.RequestUri!.AbsoluteUri);
        Assert.Equal("""{"name":"a","copies":1,"color":0}""", text.Content);
        Assert.True(deleted.IsSuccessful);
    }

    [Fact]
    public async Task An_ApiResponse_holds_an_error_instead_of_throwing()
    {
        var (prints, _) = Client(_ => StubHandler.Json("gone", HttpStatusCode.Gone));

        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal((false, false, HttpStatusCode.Gone, (Print?)null), (response.IsSuccessful, response.HasContent, response.StatusCode, response.Content));
        Assert.Equal("gone", Assert.IsType<ApiException>(response.Error).Content);
    }

    [Fact]
    public async Task A_failed_connection_is_an_ApiRequestException_except_from_a_bare_Task()
    {
        var (prints, _) = Client(_ => throw new HttpRequestException("refused"));

        var error = await Assert.ThrowsAsync<ApiRequestException>(() => prints.Get("a", CancellationToken.None));
        await Assert.ThrowsAsync<ApiRequestException>(() => prints.Change("a", "", CancellationToken.None));
        await Assert.ThrowsAsync<HttpRequestException>(() => prints.Delete("a", null, CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal(("refused", "http://api/prints/a"), (error.Message, error.Uri!.AbsoluteUri));
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

    [Fact]
    public async Task A_client_needs_a_base_address()
    {
        using var http = new HttpClient();

        await Assert.ThrowsAsync<InvalidOperationException>(() => RestService.For<IPrints>(http).Get("a", CancellationToken.None));
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
    public void Client_names_come_from_the_interface_unless_given()
    {
        var services = new ServiceCollection();

        Assert.Contains("IPrints", services.AddRefitGeneratedClient<IPrints>().Name, StringComparison.Ordinal);
        Assert.Equal("own", services.AddRefitGeneratedClient<IInternal>(null, "own").Name);
    }

    [Fact]
    public async Task An_internal_interface_works()
    {
        using var http = new HttpClient(new StubHandler(_ => StubHandler.Json("hi"))) { BaseAddress = new Uri("http://api") };

        Assert.Equal("hi", await RestService.For<IInternal>(http).Hello(CancellationToken.None));
    }

    internal interface IInternal
    {
        [Get("/hello")]
        Task<string> Hello(CancellationToken cancellationToken);
    }

    private static (IPrints Prints, StubHandler Handler) Client(Func<HttpRequestMessage, HttpResponseMessage> answer, string address = "http://api")
    {
        var handler = new StubHandler(answer);
        return (RestService.For<IPrints>(new HttpClient(handler) { BaseAddress = new Uri(address) }), handler);
    }
}
