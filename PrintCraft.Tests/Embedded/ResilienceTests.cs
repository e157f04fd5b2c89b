// The methods that turn retries off are experimental in the real package as well; their shape is pinned by its version.
#pragma warning disable EXTEXP0001
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

using static PrintCraft.Tests.Embedded.ResilientClient;

namespace PrintCraft.Tests.Embedded;

/// <summary>The numbers, limits and registration of the standard handler. The same holds with the real package.</summary>
public sealed class ResilienceTests
{
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

    [Fact]
    public async Task An_attempt_without_answer_times_out_and_is_retried()
    {
        var time = new ImmediateTime(TimeSpan.FromSeconds(10));
        var handler = new StubHandler(Never);
        using var client = ClientOf(handler, NoDelay, time);

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(Address));

        Assert.Equal(4, handler.Sent.Count);
    }

    [Fact]
    public async Task The_total_timeout_ends_all_attempts()
    {
        var time = new ImmediateTime(TimeSpan.FromMilliseconds(11));
        var handler = new StubHandler(Never);
        using var client = ClientOf(handler, options => (options.TotalRequestTimeout.Timeout, options.AttemptTimeout.Timeout) =
            (TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)), time);

        await Assert.ThrowsAsync<TimeoutRejectedException>(() => client.GetAsync(Address));

        Assert.InRange(handler.Sent.Count, 0, 2);
    }

    [Fact]
    public async Task The_circuit_opens_inside_the_retry()
    {
        var handler = new StubHandler(_ => new(HttpStatusCode.InternalServerError));
        using var client = ClientOf(handler, options => (options.Retry.Delay, options.CircuitBreaker.MinimumThroughput) = (TimeSpan.Zero, 2));

        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(Address));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => client.GetAsync(Address));

        Assert.Equal(2, handler.Sent.Count);
    }

    [Fact]
    public async Task More_than_a_thousand_requests_at_once_are_refused()
    {
        var held = new TaskCompletionSource();
        using var client = ClientOf(
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

    [Fact]
    public void HttpClient_itself_no_longer_times_out()
    {
        using var client = ClientOf(new StubHandler(_ => new()), _ => { });

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

    private static async Task<HttpResponseMessage> Never(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        return new();
    }
}
