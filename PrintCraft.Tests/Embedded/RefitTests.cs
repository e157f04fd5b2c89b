using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Refit;

using static PrintCraft.Tests.Embedded.StubbedPrints;

namespace PrintCraft.Tests.Embedded;

/// <summary>What a Refit interface sends. The same holds with the real package.</summary>
public sealed class RefitTests
{
    [Fact]
    public async Task Path_values_are_escaped_and_the_base_path_stays()
    {
        var (prints, handler) = ClientOf(_ => StubHandler.Json("""{"name":"a","copies":"2","color":"darkBlue"}"""), "http://api/v1/");

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
        var (prints, handler) = ClientOf(_ => StubHandler.Json("text"));

        Assert.Equal("text", await prints.Part(5, part, CancellationToken.None));

        Assert.Equal(url, handler.Sent.Single().Url);
    }

    [Fact]
    public async Task A_round_trip_segment_keeps_its_slashes()
    {
        var (prints, handler) = ClientOf(_ => new());

        await prints.File("a b/c", CancellationToken.None);

        Assert.Equal("http://api/files/a%20b/c", handler.Sent.Single().Url);
    }

    [Fact]
    public async Task Arguments_without_a_place_go_into_the_query_and_nulls_are_left_out()
    {
        var (prints, handler) = ClientOf(_ => new());

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
        var (prints, handler) = ClientOf(request => StubHandler.Json("""{"Name":"a","COPIES":1,"color":"Red"}""", HttpStatusCode.Created));

        var print = await prints.Create(new("a", 1, Color.Red), "wait=5", CancellationToken.None);

        Assert.Equal(new Print("a", 1, Color.Red), print);
        Assert.Equal("""{"name":"a","copies":1,"color":"red"}""", handler.Sent.Single().Body);
        Assert.Equal("application/json; charset=utf-8", handler.Sent.Single().Headers["Content-Type"]);
        Assert.Equal("wait=5", handler.Sent.Single().Headers["Prefer"]);
    }

    [Fact]
    public async Task A_null_header_is_not_sent()
    {
        var (prints, handler) = ClientOf(_ => StubHandler.Json("null"));

        await prints.Create(new("a", 1, Color.Red), null, CancellationToken.None);

        Assert.DoesNotContain("Prefer", handler.Sent.Single().Headers.Keys);
    }

    [Fact]
    public async Task Headers_of_interface_method_and_parameter_add_up_and_the_nearest_wins()
    {
        var (prints, handler) = ClientOf(_ => new(HttpStatusCode.NoContent));

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
        var (prints, handler) = ClientOf(_ => StubHandler.Json("nope", HttpStatusCode.NotFound));

        using var response = await prints.Change("a", "raw", CancellationToken.None);

        Assert.Equal(("raw", "text/plain; charset=utf-8"), (handler.Sent.Single().Body, handler.Sent.Single().Headers["Content-Type"]));
        Assert.Equal((HttpStatusCode.NotFound, "nope"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_placeholder_without_parameter_fails_at_the_first_call()
    {
        var (prints, _) = ClientOf(_ => new());

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
}
