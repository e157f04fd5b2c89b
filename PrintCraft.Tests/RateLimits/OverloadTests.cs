using System.Net;
using System.Net.Http.Json;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

using PrintCraft.Api.RateLimits;
using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.RateLimits;

/// <summary>So many requests are worked on at a time, a few wait, the rest is told to come back.</summary>
public sealed class OverloadTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _working;
    private SmallApi _api = null!;

    public async Task InitializeAsync() => _api = await SmallApi.StartAsync(
        routes =>
        {
            routes.MapGet("/work", WorkAsync);
            routes.MapGet("/stream", context =>
            {
                context.GiveBackPlace();
                return WorkAsync();
            });
            routes.MapGet("/health", () => Results.Ok()).DisableRateLimiting();
        },
        ("Places", "2"),
        ("Queue", "1"));

    public async Task DisposeAsync()
    {
        _end.TrySetResult();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task What_is_too_much_is_told_at_once_to_come_back_and_what_was_taken_is_done()
    {
        var taken = new[] { Get("/work"), Get("/work") };
        await UntilWorkingAsync(2);
        // One of these waits for a place; which one is not known.
        var more = new[] { Get("/work"), Get("/work") };
        using var refused = await await Task.WhenAny(more);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("service_unavailable", (await refused.Content.ReadFromJsonAsync<Problem>())!.Error.Code);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.False(refused.Headers.Contains("RateLimit"));
        using var health = await Get("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        _end.SetResult();
        Assert.Equal(3, (await Task.WhenAll(taken.Concat(more))).Count(answer => answer.StatusCode == HttpStatusCode.OK));
        using var later = await Get("/work");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task What_only_waits_or_sends_holds_no_place()
    {
        var streams = new List<Task<HttpResponseMessage>>();
        for (var open = 1; open <= 5; open++)
        {
            // One after the other: until it gives its place back, each has one.
            streams.Add(Get("/stream"));
            await UntilWorkingAsync(open);
        }

        var work = new[] { Get("/work"), Get("/work") };
        await UntilWorkingAsync(7);

        _end.SetResult();
        Assert.All(await Task.WhenAll(streams.Concat(work)), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    private async Task WorkAsync()
    {
        Interlocked.Increment(ref _working);
        await _end.Task;
    }

    private Task<HttpResponseMessage> Get(string path) => _api.Http.GetAsync(path);

    private Task UntilWorkingAsync(int number) => Eventually.HoldsAsync(
        () => Task.FromResult(Volatile.Read(ref _working) == number), () => $"{number} requests to be worked on, not {_working}", TimeSpan.FromSeconds(20));
}
