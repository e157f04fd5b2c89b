// The methods that turn retries off are experimental in the real package as well; their shape is pinned by its version.
#pragma warning disable EXTEXP0001
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;

using static PrintCraft.Tests.Embedded.ResilientClient;

namespace PrintCraft.Tests.Embedded;

/// <summary>What the standard handler sends again, when, and what not. The same holds with the real package.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_transient_status_is_retried_three_times(int status)
    {
        var handler = new StubHandler(_ => new((HttpStatusCode)status));
        using var client = ClientOf(handler, NoDelay);

        using var response = await client.GetAsync(Address);

        Assert.Equal((4, status), (handler.Sent.Count, (int)response.StatusCode));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(409)]
    public async Task Other_answers_are_final(int status)
    {
        var handler = new StubHandler(_ => new((HttpStatusCode)status));
        using var client = ClientOf(handler, NoDelay);

        using var response = await client.GetAsync(Address);

        Assert.Single(handler.Sent);
    }

    [Fact]
    public async Task A_failed_connection_is_retried_and_its_error_reaches_the_caller()
    {
        var handler = new StubHandler(_ => throw new HttpRequestException("refused"));
        using var client = ClientOf(handler, NoDelay);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Address));

        Assert.Equal(4, handler.Sent.Count);
    }

    [Fact]
    public async Task A_connect_timeout_is_retried()
    {
        using var http = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(1),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                throw new InvalidOperationException("unreachable");
            },
        };
        var attempts = new CountingHandler { InnerHandler = http };
        using var client = ClientOf(attempts, NoDelay);

        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync(Address));

        Assert.Equal(4, attempts.Count);
    }

    [Fact]
    public async Task A_caller_who_cancels_is_not_retried()
    {
        using var cancellation = new CancellationTokenSource();
        var handler = new StubHandler(async (_, cancellationToken) =>
        {
            await cancellation.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return new();
        });
        using var client = ClientOf(handler, NoDelay);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(Address, cancellation.Token));

        Assert.Single(handler.Sent);
    }

    [Fact]
    public async Task Delays_start_at_two_seconds_and_grow()
    {
        var time = new ImmediateTime(TimeSpan.FromMinutes(1));
        var handler = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        using var client = ClientOf(handler, options => (options.Retry.UseJitter, options.TotalRequestTimeout.Timeout, options.CircuitBreaker.SamplingDuration,
            options.AttemptTimeout.Timeout) = (false, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(2)), time);

        using var response = await client.GetAsync(Address);

        Assert.Equal([2, 4, 8], time.Waits.Where(wait => wait < TimeSpan.FromMinutes(1)).Select(wait => wait.TotalSeconds));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task Retry_After_in_seconds_wins_over_the_computed_delay(int seconds)
    {
        var time = new ImmediateTime(TimeSpan.FromSeconds(9));
        var handler = new StubHandler(_ => Busy(new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds))));
        using var client = ClientOf(handler, _ => { }, time);

        using var response = await client.GetAsync(Address);

        Assert.Equal(4, handler.Sent.Count);
        Assert.Equal(seconds == 0 ? [] : [7, 7, 7], time.Waits.Where(wait => wait < TimeSpan.FromSeconds(9)).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Retry_After_with_a_past_date_means_now()
    {
        var time = new ImmediateTime(TimeSpan.FromSeconds(9));
        using var client = ClientOf(new StubHandler(_ => Busy(new RetryConditionHeaderValue(DateTimeOffset.UnixEpoch))), _ => { }, time);

        using var response = await client.GetAsync(Address);

        Assert.DoesNotContain(time.Waits, wait => wait < TimeSpan.FromSeconds(9));
    }

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("HEAD", 4)]
    [InlineData("OPTIONS", 4)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("DELETE", 1)]
    [InlineData("CONNECT", 1)]
    public async Task Unsafe_methods_can_be_left_out(string method, int attempts)
    {
        var answered = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        var refused = new StubHandler(_ => throw new HttpRequestException("refused"));
        foreach (var handler in (StubHandler[])[answered, refused])
        {
            using var client = ClientOf(handler, options =>
            {
                NoDelay(options);
                options.Retry.DisableForUnsafeHttpMethods();
            });
            using var request = new HttpRequestMessage(new(method), Address);

            await Record.ExceptionAsync(() => client.SendAsync(request));
        }

        Assert.Equal((attempts, attempts), (answered.Sent.Count, refused.Sent.Count));
    }

    [Fact]
    public async Task A_POST_is_retried_by_default_and_sends_its_body_again()
    {
        var handler = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        using var client = ClientOf(handler, NoDelay);

        using var response = await client.PostAsJsonAsync(Address, new { a = 1 });

        Assert.Equal(Enumerable.Repeat("""{"a":1}""", 4), handler.Sent.Select(sent => sent.Body));
    }

    [Fact]
    public async Task A_retry_takes_the_next_address_of_a_service()
    {
        var handler = new StubHandler(request => new(request.RequestUri!.Port == 2 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["Services:web:http:0"] = "http://localhost:1";
        builder.Configuration["Services:web:http:1"] = "http://localhost:2";
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(NoDelay);
            http.AddServiceDiscovery();
            http.ConfigurePrimaryHttpMessageHandler(() => handler);
        });
        using var host = builder.Build();

        using var response = await host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("x").GetAsync(new Uri("https+http://web/"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["http://localhost:2/", "http://localhost:1/"], handler.Sent.Select(sent => sent.Url));
    }

    private static HttpResponseMessage Busy(RetryConditionHeaderValue retryAfter)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = retryAfter;
        return response;
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        public int Count { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
