using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Contract;

/// <summary>The rules of HTTP on a small application: endpoints that the product does not have, and limits of milliseconds.</summary>
public sealed class HttpRuleTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Since = DateTimeOffset.FromUnixTimeSeconds(1_688_169_599);
    private static readonly DateTimeOffset Sunset = new(2027, 6, 30, 23, 59, 59, TimeSpan.Zero);

    private WebApplication _app = null!;
    private HttpClient Http { get; set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Http:RequestTimeout"] = "00:00:00.200", ["Http:WaitingRequestTimeout"] = "00:00:00.300" });
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddHttpRules();
        builder.AddProblems();
        builder.AddDocumentation();
        _app = builder.Build();
        _app.UseHttpRules();
        _app.MapGet("/old", () => "old").Deprecated(Since, Sunset, new Uri("https://example.com/instead"));
        _app.MapGet("/old/broken", string () => throw new InvalidOperationException()).Deprecated(Since, null, new Uri("https://example.com/instead"));
        _app.MapGet("/slow", WaitAsync);
        _app.MapGet("/waiting", WaitAsync).TakesPreferWait();
        _app.MapGet("/tagged", (HttpResponse response) =>
        {
            response.Headers.ETag = ETags.Of(1, 2);
            return TypedResults.Ok(1);
        }).HasETag();
        _app.MapPut("/tagged", IResult (HttpRequest request) => ETags.Refusal(request, ETags.Of(1, 2)) is { } refusal ? refusal : TypedResults.NoContent());
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task An_endpoint_that_will_go_says_since_when_until_when_and_what_instead()
    {
        using var answer = await Http.GetAsync("/old");

        Assert.Equal("@1688169599", answer.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Wed, 30 Jun 2027 23:59:59 GMT", answer.Headers.GetValues("Sunset").Single());
        Assert.Equal("<https://example.com/instead>; rel=\"deprecation\"; type=\"text/html\"", answer.Headers.GetValues("Link").Single());
    }

    [Fact]
    public async Task It_says_so_when_it_breaks_too()
    {
        using var answer = await Http.GetAsync("/old/broken");

        Assert.Equal((HttpStatusCode.InternalServerError, "@1688169599", false), (answer.StatusCode, answer.Headers.GetValues("Deprecation").Single(), answer.Headers.Contains("Sunset")));
    }

    [Fact]
    public async Task It_is_marked_in_the_document_and_others_are_not()
    {
        var document = await _app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1").GetOpenApiDocumentAsync();

        Assert.True(document.Paths["/old"].Operations![HttpMethod.Get].Deprecated);
        Assert.False(document.Paths["/slow"].Operations![HttpMethod.Get].Deprecated);
    }

    [Theory]
    [InlineData("/slow")]
    [InlineData("/waiting")]
    public async Task A_request_that_takes_too_long_is_ended_and_503(string path)
    {
        using var answer = await Http.GetAsync(path);

        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service_unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData("*", 304)]
    [InlineData("\"other\"", 200)]
    [InlineData("W/\"other\", {0}", 304)]
    [InlineData("{0}", 304)]
    [InlineData("\"{1}\"", 304)]
    [InlineData("{1}", 200)]
    public async Task Who_has_this_version_is_not_sent_it_again(string? known, int status)
    {
        using var answer = await SendAsync(HttpMethod.Get, "If-None-Match", known);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal((ETags.Of(1, 2), "no-cache, private"), (answer.Headers.ETag?.ToString(), string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order())));
        Assert.Equal(status == 304 ? 0 : 1, (await answer.Content.ReadAsStringAsync()).Length);
    }

    [Theory]
    [InlineData(null, 204)]
    [InlineData("*", 204)]
    [InlineData("{0}", 204)]
    [InlineData("\"{1}\"", 204)]
    [InlineData("\"other\"", 412)]
    [InlineData("no tag", 412)]
    public async Task Who_means_another_version_changes_nothing(string? wanted, int status)
    {
        using var answer = await SendAsync(HttpMethod.Put, "If-Match", wanted);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        if (status == 412)
        {
            var problem = await answer.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
            Assert.Equal("If-Match", Assert.Single(problem.Error.Details).Field);
        }
    }

    [Fact]
    public void Another_version_has_another_tag()
    {
        Assert.NotEqual(ETags.Of(1, 2), ETags.Of(2, 1));
        Assert.NotEqual(ETags.Of(1), ETags.Of(1, 0));
        Assert.Equal(ETags.Of(1, 2), ETags.Of(1, 2));
    }

    private static async Task<string> WaitAsync(CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return "never";
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string header, string? value)
    {
        var request = new HttpRequestMessage(method, "/tagged");
        if (value is not null)
        {
            var tag = ETags.Of(1, 2);
            request.Headers.TryAddWithoutValidation(header, value.Replace("{0}", tag, StringComparison.Ordinal).Replace("{1}", tag[3..^1], StringComparison.Ordinal));
        }

        return Http.SendAsync(request);
    }
}
