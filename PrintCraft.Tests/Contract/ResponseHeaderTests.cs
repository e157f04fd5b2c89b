using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

using PrintCraft.Api.Http;

namespace PrintCraft.Tests.Contract;

/// <summary>What every answer has in its head, whatever it is: nothing here needs a database.</summary>
[Collection(nameof(BareApi))]
public sealed class ResponseHeaderTests(BareApi fixture)
{
    [Theory]
    [InlineData("GET", "/api/v1/generations")]
    [InlineData("POST", "/api/v1/generations")]
    [InlineData("TRACE", "/api/v1/generations")]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("GET", "/docs")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/studio/config.json")]
    [InlineData("GET", "/studio/any/app.js")]
    [InlineData("HEAD", "/errors")]
    [InlineData("GET", "/alive")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/images/nothing.png")]
    [InlineData("POST", "/webhooks/replicate")]
    public async Task Every_answer_is_safe_to_look_at_and_can_be_traced(string method, string path)
    {
        using var answer = await fixture.Production.SendAsync(new HttpRequestMessage(HttpMethod.Parse(method), path));

        Assert.Equal("nosniff", One(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", One(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", One(answer, "Referrer-Policy"));
        Assert.StartsWith("default-src 'none';", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", One(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.CacheControl);
        Assert.True(answer.IsSuccessStatusCode || answer.Headers.CacheControl.NoStore, $"{answer.Headers.CacheControl}");
        Assert.Matches("^[0-9a-f]{32}$", One(answer, "X-Request-Id"));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task The_request_id_is_the_id_of_the_callers_trace()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere") { Headers = { { "traceparent", $"00-{Trace}-b7ad6b7169203331-01" } } };

        using var answer = await fixture.Production.SendAsync(request);

        Assert.Equal(Trace, One(answer, "X-Request-Id"));
        Assert.Contains(Trace, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Text_is_compressed_for_those_who_can_read_it(string encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(encoding) } } };

        using var answer = await fixture.Production.SendAsync(request);
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream text = encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(text);

        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        Assert.StartsWith("{", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_named_may_call_and_read_the_headers_errors_too()
    {
        using var preflight = await SendAsync(HttpMethod.Options, BareApi.Studio, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,idempotency-key"));
        using var answer = await SendAsync(HttpMethod.Get, BareApi.Studio);

        Assert.Equal((BareApi.Studio, "true"), (One(preflight, "Access-Control-Allow-Origin"), One(preflight, "Access-Control-Allow-Credentials")));
        Assert.Contains("POST", One(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Unauthorized, BareApi.Studio), (answer.StatusCode, One(answer, "Access-Control-Allow-Origin")));
        Assert.All(
            ["RateLimit", "Retry-After", "ETag", "Location", "X-Request-Id", "Idempotent-Replayed", "Link"],
            header => Assert.Contains(header, One(answer, "Access-Control-Expose-Headers").Split(',')));
        Assert.Contains("Origin", answer.Headers.Vary);
    }

    [Fact]
    public async Task A_page_that_is_named_may_negotiate_a_connection_of_the_hub()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/hubs/generations/negotiate")
        {
            Headers = { { "Origin", BareApi.Studio }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,x-requested-with,x-signalr-user-agent" } },
        };

        using var preflight = await fixture.Production.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal((BareApi.Studio, "true"), (One(preflight, "Access-Control-Allow-Origin"), One(preflight, "Access-Control-Allow-Credentials")));
        Assert.All(["Authorization", "X-Requested-With", "X-SignalR-User-Agent"], header => Assert.Contains(header, One(preflight, "Access-Control-Allow-Headers").Split(',')));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://studio.example.com.evil.com")]
    [InlineData("http://studio.example.com")]
    [InlineData("https://studio.example.com:8443")]
    [InlineData("null")]
    public async Task Any_other_page_may_not(string origin)
    {
        using var preflight = await SendAsync(HttpMethod.Options, origin, ("Access-Control-Request-Method", "POST"));
        using var answer = await SendAsync(HttpMethod.Get, origin);

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Without_names_no_page_may_call()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/generations") { Headers = { { "Origin", BareApi.Studio } } };

        using var answer = await fixture.Development.SendAsync(request);

        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://studio.example.com", true)]
    [InlineData("http://localhost:5173", true)]
    [InlineData("*", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("null", false)]
    [InlineData("https://studio.example.com/", false)]
    [InlineData("https://studio.example.com/app", false)]
    [InlineData("https://me@studio.example.com", false)]
    [InlineData("studio.example.com", false)]
    [InlineData("ftp://studio.example.com", false)]
    [InlineData("", false)]
    public void An_origin_is_what_a_browser_sends(string text, bool isOrigin) => Assert.Equal(isOrigin, CrossOriginOptions.IsOrigin(text));

    private static string One(HttpResponseMessage answer, string header) => Assert.Single(answer.Headers.GetValues(header));

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string origin, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, "/api/v1/generations") { Headers = { { "Origin", origin } } };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return fixture.Production.SendAsync(request);
    }
}
