using System.Net;
using System.Net.Http.Headers;

using PrintCraft.Client;
using PrintCraft.Tests.Embedded;

namespace PrintCraft.Tests.Samples;

/// <summary>The client repeats what is safe to repeat, and no order twice.</summary>
public sealed class SafeRetryTests
{
    private readonly ImmediateTime _time = new(SafeRetry.MaxPause);

    [Theory]
    [InlineData("GET", HttpStatusCode.ServiceUnavailable, null, 4)]
    [InlineData("PUT", HttpStatusCode.InternalServerError, null, 4)]
    [InlineData("DELETE", HttpStatusCode.BadGateway, null, 4)]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable, null, 1)]
    [InlineData("POST", HttpStatusCode.ServiceUnavailable, "a-key", 4)]
    [InlineData("POST", HttpStatusCode.TooManyRequests, null, 4)]
    [InlineData("PATCH", HttpStatusCode.InternalServerError, null, 1)]
    [InlineData("GET", HttpStatusCode.NotFound, null, 1)]
    [InlineData("POST", HttpStatusCode.PaymentRequired, "a-key", 1)]
    [InlineData("POST", HttpStatusCode.Conflict, "a-key", 1)]
    public async Task Only_what_is_safe_is_repeated(string method, HttpStatusCode status, string? key, int attempts)
    {
        var (answer, sent) = await SendAsync(method, key, _ => new HttpResponseMessage(status));

        Assert.Equal((status, attempts), (answer!.StatusCode, sent.Count));
        Assert.All(sent, request => Assert.Equal(("body", key), (request.Body, request.Headers.GetValueOrDefault("Idempotency-Key"))));
    }

    [Theory]
    [InlineData("GET", null, 4)]
    [InlineData("POST", null, 1)]
    [InlineData("POST", "a-key", 4)]
    public async Task A_line_that_broke_is_tried_again_when_it_is_safe(string method, string? key, int attempts)
    {
        var (answer, sent) = await SendAsync(method, key, _ => throw new HttpRequestException("broken"));

        Assert.Null(answer);
        Assert.Equal(attempts, sent.Count);
    }

    [Fact]
    public async Task The_pause_is_the_one_that_the_server_asked_for()
    {
        var (_, sent) = await SendAsync("GET", null, attempt => attempt == 1 ? Refusal(TimeSpan.FromSeconds(7)) : new HttpResponseMessage(HttpStatusCode.OK));

        Assert.Equal(2, sent.Count);
        Assert.Contains(TimeSpan.FromSeconds(7), _time.Waits);
    }

    [Fact]
    public async Task An_answer_that_asks_for_too_long_a_pause_is_given_to_the_caller()
    {
        var (answer, sent) = await SendAsync("GET", null, _ => Refusal(SafeRetry.MaxPause + TimeSpan.FromSeconds(1)));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer!.StatusCode);
        Assert.Single(sent);
    }

    private static HttpResponseMessage Refusal(TimeSpan pause) =>
        new(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new RetryConditionHeaderValue(pause) } };

    private async Task<(HttpResponseMessage? Answer, List<SentRequest> Sent)> SendAsync(string method, string? key, Func<int, HttpResponseMessage> answer)
    {
        var attempts = 0;
        var network = new StubHandler(_ => answer(++attempts));
        using var http = new HttpClient(new SafeRetry(_time) { InnerHandler = network });
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://api/things") { Content = new StringContent("body") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            return (await http.SendAsync(request), network.Sent);
        }
        catch (HttpRequestException)
        {
            return (null, network.Sent);
        }
    }
}
