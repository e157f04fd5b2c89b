using System.Net;
using System.Text;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Contract;

/// <summary>What can be wrong with a request, over the wire: always a problem, with the code and the field that are to blame.</summary>
[Collection(nameof(ApiAlone))]
public sealed class ErrorTests(ApiAlone fixture)
{
    private const string Generations = "/api/v1/generations";
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [InlineData("GET", "/api/v1/nothing", null, 404, "not_found", null)]
    [InlineData("GET", "/nothing", null, 404, "not_found", null)]
    [InlineData("POST", "/api/v1/nothing", "{}", 404, "not_found", null)]
    [InlineData("GET", "/api/v1/generations/5", null, 404, "not_found", null)]
    [InlineData("GET", "/openapi/v2.json", null, 404, "not_found", null)]
    [InlineData("GET", "/images/generations/x.png?expires=x&signature=x", null, 404, "not_found", null)]
    [InlineData("GET", Generations + "?limit=0", null, 400, "invalid_request", "limit")]
    [InlineData("GET", Generations + "?limit=101", null, 400, "invalid_request", "limit")]
    [InlineData("GET", Generations + "?limit=many", null, 400, "invalid_request", "limit")]
    [InlineData("GET", Generations + "?limit=1&limit=2", null, 400, "invalid_request", "limit")]
    [InlineData("GET", Generations + "?limit=99999999999", null, 400, "invalid_request", "limit")]
    [InlineData("GET", Generations + "?cursor=x", null, 400, "invalid_request", "cursor")]
    [InlineData("GET", Generations + "?status=done", null, 400, "invalid_request", "status")]
    [InlineData("GET", Generations + "?status=0", null, 400, "invalid_request", "status")]
    [InlineData("GET", Generations + "?status=pending&status=", null, 400, "invalid_request", "status")]
    [InlineData("GET", Generations + "?style=oil", null, 400, "invalid_request", "style")]
    [InlineData("GET", Generations + "?quality=draft,best", null, 400, "invalid_request", "quality")]
    [InlineData("GET", Generations + "?createdAfter=yesterday", null, 400, "invalid_request", "createdAfter")]
    [InlineData("GET", Generations + "?createdAfter=2026-11-21T12:00:00", null, 400, "invalid_request", "createdAfter")]
    [InlineData("GET", Generations + "?createdBefore=2026-13-41T12:00:00Z", null, 400, "invalid_request", "createdBefore")]
    [InlineData("GET", Generations + "?q=", null, 400, "invalid_request", "q")]
    [InlineData("GET", Generations + "?q=a%00b", null, 400, "invalid_request", "q")]
    [InlineData("GET", "/api/v1/generations/events?after=x", null, 400, "invalid_request", "after")]
    [InlineData("GET", "/api/v1/credits/ledger?cursor=x", null, 400, "invalid_request", "cursor")]
    [InlineData("POST", Generations, "", 400, "invalid_request", null)]
    [InlineData("POST", Generations, "null", 400, "invalid_request", null)]
    [InlineData("POST", Generations, "[]", 400, "invalid_request", "")]
    [InlineData("POST", Generations, "\"prompt\"", 400, "invalid_request", "")]
    [InlineData("POST", Generations, "{", 400, "invalid_request", "")]
    [InlineData("POST", Generations, """{"prompt":"x"} x""", 400, "invalid_request", "")]
    [InlineData("POST", Generations, """{"prompt":"x",}""", 400, "invalid_request", "")]
    [InlineData("POST", Generations, """{"prompt":{}}""", 400, "invalid_request", "prompt")]
    [InlineData("POST", Generations, """{"prompt":"x","options":[]}""", 400, "invalid_request", "options")]
    [InlineData("POST", Generations, """{"prompt":"x","credits":0}""", 400, "invalid_request", "credits")]
    [InlineData("POST", Generations, """{"prompt":"x","prompt":"y"}""", 400, "invalid_request", "prompt")]
    [InlineData("POST", Generations, """{"prompt":"x","options":{"width":1e99}}""", 400, "invalid_request", "options.width")]
    [InlineData("POST", Generations + "/batch", """{"prompt":"x","options":{"sizes":[{"width":512,"depth":1}]}}""", 400, "invalid_request", "options.sizes[0].depth")]
    [InlineData("DELETE", Generations, null, 405, "method_not_allowed", null)]
    [InlineData("PUT", Generations, "{}", 405, "method_not_allowed", null)]
    [InlineData("TRACE", Generations, null, 405, "method_not_allowed", null)]
    [InlineData("OPTIONS", Generations, null, 405, "method_not_allowed", null)]
    [InlineData("BREW", Generations, null, 405, "method_not_allowed", null)]
    [InlineData("POST", "/api/v1/generations/events", "{}", 405, "method_not_allowed", null)]
    [InlineData("POST", "/health", "{}", 405, "method_not_allowed", null)]
    [InlineData("POST", "/errors", "{}", 405, "method_not_allowed", null)]
    [InlineData("POST", "/docs", "{}", 405, "method_not_allowed", null)]
    public async Task A_wrong_request_is_told_what_is_wrong(string method, string path, string? body, int status, string code, string? field)
    {
        using var answer = await SendAsync(method, path, body, "application/json");
        var problem = await answer.ProblemAsync((HttpStatusCode)status, code);

        Assert.Equal(field is null ? [] : [field], problem.Error.Details.Select(detail => detail.Field));
        Assert.Equal(status == 405, answer.Content.Headers.Allow.Count > 0);
        Assert.Equal(problem.TraceId, answer.Headers.GetValues("X-Request-Id").Single());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    [InlineData("")]
    public async Task A_body_of_another_type_is_415(string type)
    {
        using var answer = await SendAsync("POST", Generations, """{"prompt":"x"}""", type);

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task A_compressed_body_is_415_and_not_unpacked(string encoding)
    {
        using var answer = await SendAsync("POST", Generations, """{"prompt":"x"}""", "application/json", content => content.Headers.Add("Content-Encoding", encoding));

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal("identity", answer.Headers.GetValues("Accept-Encoding").Single());
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Generations) { Content = new StringContent($"{{\"prompt\":\"{new string('x', 1024 * 1024)}\"}}", Encoding.UTF8, "application/json") };
        // Told before it is sent: what would come after the refusal would cut the line.
        request.Headers.ExpectContinue = true;

        using var answer = await _scenario.NewUser().Http.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task JSON_deeper_than_32_is_refused()
    {
        var deep = $$"""{"prompt":"x","options":{{string.Concat(Enumerable.Repeat("{\"options\":", 40))}}1{{new string('}', 40)}}}""";

        using var answer = await SendAsync("POST", Generations, deep, "application/json");

        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Header_lines_of_more_than_16_KB_are_431_by_the_server_itself()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Generations);
        request.Headers.Add("X-Long", new string('x', 20_000));

        using var answer = await _scenario.NewUser().Http.SendAsync(request);

        Assert.Equal((HttpStatusCode.RequestHeaderFieldsTooLarge, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/api/v1/generations")]
    [InlineData("/api/v1/credits")]
    [InlineData("/api/v1/credits/ledger")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs")]
    [InlineData("/errors")]
    [InlineData("/health")]
    public async Task HEAD_is_GET_without_the_body(string path)
    {
        using var answer = await SendAsync("HEAD", path, null, "");

        Assert.Equal((HttpStatusCode.OK, 0), (answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync()).Length));
    }

    [Fact]
    public async Task A_stream_of_events_has_no_HEAD()
    {
        using var answer = await SendAsync("HEAD", "/api/v1/generations/events", null, "");

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (answer.StatusCode, Assert.Single(answer.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_body_that_nobody_asked_for_is_ignored_and_JSON_is_sent_whatever_is_accepted()
    {
        using var answer = await SendAsync("GET", Generations, """{"limit":0}""", "application/json", accept: "text/xml");

        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body, string type, Action<HttpContent>? change = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            if (type.Length > 0)
            {
                request.Content.Headers.Add("Content-Type", type);
            }

            change?.Invoke(request.Content);
        }

        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return await _scenario.NewUser().Http.SendAsync(request);
    }
}
