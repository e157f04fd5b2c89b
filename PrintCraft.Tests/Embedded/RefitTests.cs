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
        var (prints, handler) = ClientOf(_ => StubHandler.Json("""{"name":"a","copies":2,"color":"darkBlue"}"""), "http://api/v1/");

        var print = await prints.Get("a/b c?&ü", CancellationToken.None);

        Assert.Equal("http://api/v1/prints/a%2Fb%20c%3F%26%C3%BC", handler.Sent.Single().Url);
        Assert.Equal(new Print("a", 2, Color.DarkBlue), print);
    }

    [Fact]
    public async Task Arguments_without_a_place_go_into_the_query_and_nulls_are_left_out()
    {
        var (prints, handler) = ClientOf(_ => StubHandler.Json("null"));

        await prints.List(null, null, null, null, CancellationToken.None);
        await prints.List(5, "a=b&c", true, new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal("http://api/prints", handler.Sent[0].Url);
        Assert.Equal("http://api/prints?limit=5&cursor=a%3Db%26c&mine=True&created_after=2026-01-02T03%3A04%3A05.0000000%2B00%3A00", handler.Sent[1].Url);
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
    public async Task Content_is_the_body_as_it_is()
    {
        var (prints, handler) = ClientOf(_ => StubHandler.Json("{}"));

        await prints.Import(new StringContent("a;2;red", null, "text/csv"), CancellationToken.None);

        Assert.Equal("a;2;red", handler.Sent.Single().Body);
    }

    [Fact]
    public async Task Headers_are_sent_unless_null_and_hold_no_second_one()
    {
        var (prints, handler) = ClientOf(_ => new(HttpStatusCode.NoContent));

        await prints.Replace("a", new("a", 1, Color.Red), null, CancellationToken.None);
        await prints.Replace("a", new("a", 1, Color.Red), 12, CancellationToken.None);
        await prints.Delete("a", "Bearer x\r\nEvil: yes", CancellationToken.None);

        Assert.DoesNotContain("Last-Event-ID", handler.Sent[0].Headers.Keys);
        Assert.Equal("12", handler.Sent[1].Headers["Last-Event-ID"]);
        Assert.Equal("Bearer xEvil: yes", handler.Sent[2].Headers["Authorization"]);
    }

    [Fact]
    public async Task A_placeholder_without_parameter_fails_at_the_first_call()
    {
        var (prints, _) = ClientOf(_ => new());

        await Assert.ThrowsAsync<ArgumentException>(() => prints.Wrong(CancellationToken.None));
    }

    [EmbeddedFact]
    public async Task An_object_that_is_not_marked_as_the_body_is_refused_instead_of_being_sent_otherwise()
    {
        var (prints, handler) = ClientOf(_ => new());

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
}
