using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;

using PrintCraft.Tests.Events;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using static PrintCraft.Tests.RateLimits.LimitedApis;

namespace PrintCraft.Tests.RateLimits;

/// <summary>Redis or a process dies: each process goes on with the same rules, and nobody keeps a place for ever.</summary>
[Collection(nameof(LimitedApis))]
public sealed class WithoutRedisTests(LimitedApis limited)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Scenario _scenario = limited.Scenario;

    [Theory]
    [InlineData("down")]
    [InlineData("silent")]
    [InlineData("slow")]
    public async Task Without_Redis_each_process_counts_for_itself_and_with_it_together_again(string fault)
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var one = limited.From(address, name);
        using var two = limited.From(address, name, api: 1);
        Assert.Equal("200 \"user\";r=9;t=3600, \"ip\";r=19;t=7200", Standing(await one.GetAsync("/api/v1/generations")));
        Assert.Equal("200 \"user\";r=8;t=3600, \"ip\";r=18;t=7200", Standing(await two.GetAsync("/api/v1/generations")));

        Break(fault);
        try
        {
            for (var again = 1; again <= 10; again++)
            {
                Assert.Equal($"200 \"user\";r={10 - again};t=3600, \"ip\";r={20 - again};t=7200", Standing(await one.GetAsync("/api/v1/generations")));
            }

            Assert.Equal("429 \"user\";r=0;t=3600", Standing(await one.GetAsync("/api/v1/generations")));
            Assert.Equal("200 \"user\";r=9;t=3600, \"ip\";r=19;t=7200", Standing(await two.GetAsync("/api/v1/generations")));
        }
        finally
        {
            _scenario.Redis.Pass();
        }

        await limited.TogetherAsync();
        Assert.StartsWith("200 \"user\";r=", Standing(await one.GetAsync("/api/v1/generations")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_has_so_many_streams_at_all_processes_together_and_those_of_a_dead_one_end()
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var one = limited.From(address, name);
        using var two = limited.From(address, name, api: 1);
        using var here = await OpenAsync(one);
        using var there = await OpenAsync(two);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (here.StatusCode, there.StatusCode));

        foreach (var http in new[] { one, two })
        {
            using var refused = await OpenAsync(http);
            // Before its body is read: that of a stream has no end.
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
            Assert.Equal("429 \"streams\";r=0", Standing(refused));
            Assert.EndsWith(", \"streams\";q=2;qu=\"concurrent-requests\"", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")), StringComparison.Ordinal);
        }

        await _scenario.Apis[1].KillAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                using var fresh = limited.From(limited.NewAddress(), name);
                using var opened = await OpenAsync(fresh);
                return opened.StatusCode == HttpStatusCode.OK || opened.Headers.GetValues("RateLimit").Single().Contains("user", StringComparison.Ordinal);
            },
            () => $"the dead process's stream to count no more. {_scenario.Story()}",
            Limit);
        await _scenario.Apis[1].StartAsync();
        await limited.TogetherAsync();
    }

    [Fact]
    public async Task A_call_of_the_hub_counts_as_a_request_does()
    {
        using var http = limited.From(limited.NewAddress(), NewName());
        await using var hub = await HubClient.ConnectAsync(http);
        for (var call = 0; call < 9; call++)
        {
            await hub.CallAsync("unsubscribe:user");
        }

        Assert.Matches("^rate_limited: Try again after 3[0-9]{3} seconds.$", await hub.RefusedAsync("subscribe:user"));
        Assert.StartsWith("429 \"user\";r=0", Standing(await http.GetAsync("/api/v1/generations")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_of_the_hub_count_at_all_processes_together_and_negotiation_says_so()
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var one = limited.From(address, name);
        using var two = limited.From(address, name, api: 1);
        await using var here = await HubClient.ConnectAsync(one);
        using (var room = await two.PostAsync("/hubs/generations/negotiate", null))
        {
            Assert.Equal(HttpStatusCode.OK, room.StatusCode);
        }

        await using var there = await HubClient.ConnectAsync(two);

        foreach (var http in new[] { one, two })
        {
            using var full = await http.PostAsync("/hubs/generations/negotiate", null);
            Assert.Equal("429 \"streams\";r=0", Standing(full));
            await full.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
            await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(http));
        }
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient http)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/generations/events");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private void Break(string fault)
    {
        switch (fault)
        {
            case "down":
                _scenario.Redis.Refuse();
                break;
            case "silent":
                _scenario.Redis.Blackhole();
                break;
            default:
                _scenario.Redis.Delay(TimeSpan.FromSeconds(5));
                break;
        }
    }
}
