// The methods that turn retries off are experimental in the real package as well; their shape is pinned by its version.
#pragma warning disable EXTEXP0001
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PrintCraft.Tests.Embedded;

/// <summary>What the standard handler does with answers and failures. The same holds with the real package.</summary>
public sealed class ResilienceTests
{
    private static readonly Uri Address = new("http://api/");

    [Fact]
    public void The_standard_numbers_are_those_of_the_package()
    {
        var options = new HttpStandardResilienceOptions();

        Assert.Equal(TimeSpan.FromSeconds(30), options.TotalRequestTimeout.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.AttemptTimeout.Timeout);
        Assert.Equal((3, TimeSpan.FromSeconds(2), DelayBackoffType.Exponential, true, (TimeSpan?)null),
            (options.Retry.MaxRetryAttempts, options.Retry.Delay, options.Retry.BackoffType, options.Retry.UseJitter, options.Retry.MaxDelay));
        Assert.Equal((0.1, 100, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)),
            (options.CircuitBreaker.FailureRatio, options.CircuitBreaker.MinimumThroughput, options.CircuitBreaker.SamplingDuration, options.CircuitBreaker.BreakDuration));
        Assert.Equal(("Standard-RateLimiter", "Standard-TotalRequestTimeout", "Standard-Retry", "Standard-CircuitBreaker", "Standard-AttemptTimeout"),
            (options.RateLimiter.Name, options.TotalRequestTimeout.Name, options.Retry.Name, options.CircuitBreaker.Name, options.AttemptTimeout.Name));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    [InlineData(408)]
    [InlineData(429)]
    public async Task A_transient_status_is_retried_three_times(int status)
    {
        var handler = new StubHandler(_ => new((HttpStatusCode)status));
        using var client = Client(handler, NoDelay);

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
        using var client = Client(handler, NoDelay);

        using var response = await client.GetAsync(Address);

        Assert.Single(handler.Sent);
    }

    [Fact]
    public async Task A_failed_connection_is_retried_and_its_error_reaches_the_caller()
    {
        var handler = new StubHandler(_ => throw new HttpRequestException("refused"));
        using var client = Client(handler, NoDelay);

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
        using var client = Client(attempts, NoDelay);

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
        using var client = Client(handler, NoDelay);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(Address, cancellation.Token));

        Assert.Single(handler.Sent);
    }

    [Fact]
    public async Task Delays_start_at_two_seconds_and_grow()
    {
        var time = new ImmediateTime(TimeSpan.FromMinutes(1));
        var handler = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        using var client = Client(handler, options => (options.Retry.UseJitter, options.TotalRequestTimeout.Timeout, options.CircuitBreaker.SamplingDuration,
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
        using var client = Client(handler, _ => { }, time);

        using var response = await client.GetAsync(Address);

        Assert.Equal(4, handler.Sent.Count);
        Assert.Equal(seconds == 0 ? [] : [7, 7, 7], time.Waits.Where(wait => wait < TimeSpan.FromSeconds(9)).Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Retry_After_with_a_past_date_means_now()
    {
        var time = new ImmediateTime(TimeSpan.FromSeconds(9));
        using var client = Client(new StubHandler(_ => Busy(new RetryConditionHeaderValue(DateTimeOffset.UnixEpoch))), _ => { }, time);

        using var response = await client.GetAsync(Address);

        Assert.DoesNotContain(time.Waits, wait => wait < TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task An_attempt_without_answer_times_out_and_is_retried()
    {
        var time = new ImmediateTime(TimeSpan.FromSeconds(10));
        var handler = new StubHandler(Never);
        using var client = Client(handler, NoDelay, time);

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(Address));

        Assert.Equal(4, handler.Sent.Count);
    }

    [Fact]
    public async Task The_total_timeout_ends_all_attempts()
    {
        var time = new ImmediateTime(TimeSpan.FromMilliseconds(11));
        var handler = new StubHandler(Never);
        using var client = Client(handler, options => (options.TotalRequestTimeout.Timeout, options.AttemptTimeout.Timeout) =
            (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)), time);

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(Address));

        Assert.InRange(handler.Sent.Count, 0, 2);
    }

    [Fact]
    public async Task The_circuit_opens_inside_the_retry()
    {
        var handler = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        using var client = Client(handler, options => (options.Retry.Delay, options.CircuitBreaker.MinimumThroughput) = (TimeSpan.Zero, 2));

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(Address));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(Address));

        Assert.Equal(2, handler.Sent.Count);
    }

    [Fact]
    public async Task More_than_a_thousand_requests_at_once_are_refused()
    {
        var held = new TaskCompletionSource();
        using var client = Client(
            new StubHandler(async (_, _) =>
            {
                await held.Task;
                return new();
            }),
            _ => { });
        var running = Enumerable.Range(0, 1000).Select(_ => client.GetAsync(Address)).ToList();

        await Assert.ThrowsAnyAsync<ExecutionRejectedException>(() => client.GetAsync(Address));

        held.SetResult();
        await Task.WhenAll(running);
        using var response = await client.GetAsync(Address);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
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
            using var client = Client(handler, options =>
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
        using var client = Client(handler, NoDelay);

        using var response = await client.PostAsJsonAsync(Address, new { a = 1 });

        Assert.Equal(Enumerable.Repeat("""{"a":1}""", 4), handler.Sent.Select(sent => sent.Body));
    }

    [Fact]
    public void HttpClient_itself_no_longer_times_out()
    {
        using var client = Client(new StubHandler(_ => new()), _ => { });

        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
    }

    [Fact]
    public void Names_are_those_of_client_and_pipeline()
    {
        var services = new ServiceCollection();

        Assert.Equal("api-standard", services.AddHttpClient("api").AddStandardResilienceHandler().PipelineName);
        services.ConfigureHttpClientDefaults(http => Assert.Equal("-standard", http.AddStandardResilienceHandler().PipelineName));
    }

    [Fact]
    public async Task The_defaults_of_all_clients_share_one_circuit()
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler(_ => new(HttpStatusCode.InternalServerError)))
            .AddStandardResilienceHandler(options => (options.Retry.Delay, options.CircuitBreaker.MinimumThroughput) = (TimeSpan.Zero, 2)));
        var clients = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();

        await Assert.ThrowsAsync<BrokenCircuitException>(() => clients.CreateClient("one").GetAsync(Address));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => clients.CreateClient("two").GetAsync(Address));
    }

    [Fact]
    public async Task One_client_can_do_without_the_defaults_and_have_its_own_pipeline()
    {
        var handlers = new Dictionary<string, StubHandler>();
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(NoDelay));
        Stub(services.AddHttpClient("standard"));
        Stub(services.AddHttpClient("none").RemoveAllResilienceHandlers());
        var own = services.AddHttpClient("own").RemoveAllResilienceHandlers();
        Stub(own).AddStandardResilienceHandler(options => (options.Retry.MaxRetryAttempts, options.Retry.Delay) = (1, TimeSpan.Zero));
        var clients = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>();

        foreach (var name in handlers.Keys)
        {
            using var client = clients.CreateClient(name);
            using var response = await client.GetAsync(Address);
        }

        Assert.Equal((4, 1, 2), (handlers["standard"].Sent.Count, handlers["none"].Sent.Count, handlers["own"].Sent.Count));

        IHttpClientBuilder Stub(IHttpClientBuilder http) =>
            http.ConfigurePrimaryHttpMessageHandler(() => handlers[http.Name]).ConfigureHttpClient(_ => { }) is var builder
            && handlers.TryAdd(http.Name, new(_ => new(HttpStatusCode.InternalServerError))) ? builder : http;
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

    private static void NoDelay(HttpStandardResilienceOptions options) => options.Retry.Delay = TimeSpan.Zero;

    private static HttpResponseMessage Busy(RetryConditionHeaderValue retryAfter)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = retryAfter;
        return response;
    }

    private static async Task<HttpResponseMessage> Never(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return new();
    }

    private static HttpClient Client(HttpMessageHandler handler, Action<HttpStandardResilienceOptions> configure, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddSingleton(time ?? TimeProvider.System);
        services.AddHttpClient("api").ConfigurePrimaryHttpMessageHandler(() => handler).AddStandardResilienceHandler(configure);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("api");
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
