using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Events;

/// <summary>The hub as bytes and connections, on an API without a worker: nothing happens but what the test does.</summary>
[Collection(nameof(ApiAlone))]
public sealed class HubTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_job_is_followed_under_the_promised_names_to_its_end()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);
        await using var hub = await ConnectAsync(user);

        Assert.Equal("""{"after":0,"more":true}""", $"{await hub.CallAsync("subscribe:generation", id)}");
        var accepted = await hub.NextAsync();
        await user.Api.CancelGenerationAsync(id, None);
        var canceled = await hub.NextAsync();

        Assert.Equal(("progress", "canceled"), (accepted.Method, canceled.Method));
        Assert.Matches(
            $$"""^\{"channel":"generation","id":1,"generationId":"{{id}}","seq":1,"type":"accepted","status":"pending","progress":10,"image":null,"timestamp":"[^"]+"\}$""", $"{accepted.Body}");
        Assert.Matches($$"""^\{"channel":"generation","id":2,"generationId":"{{id}}","seq":2,"type":"canceled","status":"canceled",""", $"{canceled.Body}");
        Assert.Equal("""{"after":2,"more":false}""", $"{await hub.CallAsync("resume:generation", id, 2)}");
        // What is over has left its place.
        Assert.Equal("""{"after":1,"more":true}""", $"{await hub.CallAsync("resume:generation", id, 1)}");
        Assert.Equal(2, (await hub.NextAsync()).Id);
    }

    [Fact]
    public async Task All_jobs_are_followed_from_now_on_or_from_a_number_and_not_after_it_was_enough()
    {
        var user = _scenario.NewUser();
        var first = await _scenario.OrderAsync(user);
        await using var hub = await ConnectAsync(user);

        Assert.Equal("""{"after":1,"more":true}""", $"{await hub.CallAsync("subscribe:user")}");
        var second = await _scenario.OrderAsync(user);
        Assert.Equal(("user", 2, second), Told(await hub.NextAsync()));
        // Both channels at once: each has its own numbers.
        await hub.CallAsync("subscribe:generation", second);
        Assert.Equal(("generation", 1, second), Told(await hub.NextAsync()));
        await hub.CallAsync("unsubscribe:user");
        await user.Api.CancelGenerationAsync(second, None);
        Assert.Equal(("generation", 2, second), Told(await hub.NextAsync()));
        Assert.Equal("""{"after":0,"more":true}""", $"{await hub.CallAsync("resume:user", 0)}");
        Assert.Equal([("user", 1, first), ("user", 2, second), ("user", 3, second)], [Told(await hub.NextAsync()), Told(await hub.NextAsync()), Told(await hub.NextAsync())]);

        static (string, long, Guid) Told(HubMessage message) => (message.Channel, message.Id, message.GenerationId);
    }

    [Fact]
    public async Task What_cannot_be_followed_is_refused_with_a_code_and_the_connection_goes_on()
    {
        var user = _scenario.NewUser();
        var foreign = await _scenario.OrderAsync(_scenario.NewUser());
        await using var hub = await ConnectAsync(user);

        foreach (var unknown in new[] { foreign, Guid.CreateVersion7() })
        {
            Assert.Equal("not_found: There is no such generation.", await hub.RefusedAsync("subscribe:generation", unknown));
            Assert.Equal("not_found: There is no such generation.", await hub.RefusedAsync("resume:generation", unknown, 0));
        }

        foreach (var wrong in new object?[] { null, "", "7", 7, new { id = foreign }, $"{foreign} " })
        {
            Assert.Equal("invalid_request: generationId must be the id of a generation.", await hub.RefusedAsync("subscribe:generation", wrong));
        }

        foreach (var wrong in new object?[] { null, "1", -1, 1.5, 1e30, true })
        {
            Assert.Equal("invalid_request: after must be the id of an event, a whole number.", await hub.RefusedAsync("resume:user", wrong));
        }

        var jobs = new List<Guid>();
        for (var job = 0; job < 11; job++)
        {
            jobs.Add(await _scenario.OrderAsync(user));
        }

        foreach (var job in jobs.Take(10))
        {
            await hub.CallAsync("subscribe:generation", job);
        }

        Assert.StartsWith("rate_limited: This connection follows as much as is allowed.", await hub.RefusedAsync("subscribe:generation", jobs[10]), StringComparison.Ordinal);
        await hub.CallAsync("unsubscribe:generation", jobs[0]);
        await hub.CallAsync("subscribe:generation", jobs[10]);
        // What came to its end counts no more.
        await user.Api.CancelGenerationAsync(jobs[1], None);
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await hub.CallAsync("subscribe:generation", jobs[0]);
                return true;
            }
            catch (HubError)
            {
                return false;
            }
        }, () => "the place of a job that is over", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_connection_is_one_of_the_five_streams_of_its_user_and_gives_its_place_back()
    {
        var user = _scenario.NewUser();
        var open = new List<HubClient>();
        for (var connection = 0; connection < 4; connection++)
        {
            open.Add(await ConnectAsync(user));
        }

        using var stream = await user.Http.GetAsync("/api/v1/generations/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(user));
        Assert.Contains("'429'", refused.Message, StringComparison.Ordinal);
        using var negotiated = await user.Http.PostAsync("/hubs/generations/negotiate?negotiateVersion=1", null);
        await negotiated.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");

        await open[0].DisposeAsync();
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                open.Add(await ConnectAsync(user));
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        }, () => "the place of a connection that broke", TimeSpan.FromSeconds(30));
        open.ForEach(connection => connection.DisposeAsync().AsTask().GetAwaiter().GetResult());
    }

    [Fact]
    public async Task Only_who_is_known_connects_and_only_by_WebSocket()
    {
        var user = _scenario.NewUser();
        using var stranger = new HttpClient { BaseAddress = _scenario.Api.Address };

        await (await stranger.PostAsync("/hubs/generations/negotiate", null)).ProblemAsync(HttpStatusCode.Unauthorized, "missing_token");
        await (await stranger.GetAsync("/hubs/generations")).ProblemAsync(HttpStatusCode.Unauthorized, "missing_token");
        await (await stranger.GetAsync($"/hubs/generations?access_token={user.Credential}0")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await (await stranger.GetAsync($"/hubs/generations?access_token={user.Credential}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        await (await user.Http.PostAsync("/hubs/generations", null)).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        await (await user.Http.GetAsync("/hubs/generations/negotiate")).ProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        using var byHeader = await user.Http.GetAsync($"/hubs/generations?access_token={user.Credential}0");
        await byHeader.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Contains("'401'", (await Assert.ThrowsAsync<WebSocketException>(() => HubClient.ConnectAsync(_scenario.Api.Address, $"{user.Credential}0"))).Message, StringComparison.Ordinal);
        await using var hub = await HubClient.ConnectByQueryAsync(_scenario.Api.Address, user.Credential);
        await hub.CallAsync("subscribe:user");
    }

    [Fact]
    public async Task Negotiation_promises_nothing_that_another_process_could_not_keep()
    {
        var user = _scenario.NewUser();

        var answer = await (await user.Http.PostAsync("/hubs/generations/negotiate?negotiateVersion=1", null)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("""[{"transport":"WebSockets","transferFormats":["Text"]}]""", $"{answer.GetProperty("availableTransports")}");
        Assert.Equal(1, answer.GetProperty("negotiateVersion").GetInt32());
        // As if it had been given by another process.
        await using var hub = await HubClient.ConnectByQueryAsync(_scenario.Api.Address, user.Credential, $"&id={answer.GetProperty("connectionToken").GetString()}");
        await hub.CallAsync("subscribe:user");
    }

    [Fact]
    public async Task A_message_without_end_ends_its_connection()
    {
        await using var hub = await ConnectAsync(_scenario.NewUser());

        await hub.SendAsync($$"""{"type":1,"invocationId":"1","target":"subscribe:generation","arguments":["{{new string('a', 5000)}}"]}""");

        var closed = await hub.Closed;
        Assert.True(closed is { Error: not null }, $"{closed}");
    }

    [Fact]
    public async Task A_silent_connection_is_kept_alive_by_heartbeats()
    {
        await using var hub = await ConnectAsync(_scenario.NewUser());

        await Eventually.HoldsAsync(() => Task.FromResult(hub.Pings >= 2), () => $"two heartbeats, not {hub.Pings}", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_process_that_stops_ends_its_connections_at_once_and_lets_them_come_back()
    {
        await using var scenario = await Scenario.PrepareAsync(new ScenarioPlan { Workers = 0 });
        await scenario.Api.StartAsync();
        await using var hub = await ConnectAsync(scenario.NewUser());
        await hub.CallAsync("subscribe:user");

        var (code, after) = await scenario.Api.TerminateAsync();

        Assert.Equal(0, code);
        Assert.True(after < TimeSpan.FromSeconds(10), $"It took {after}.");
        Assert.True(await hub.Closed is null or { AllowReconnect: true }, $"{await hub.Closed}");
    }

    private static Task<HubClient> ConnectAsync(TestUser user) => HubClient.ConnectAsync(user.Http.BaseAddress!, user.Credential);
}
