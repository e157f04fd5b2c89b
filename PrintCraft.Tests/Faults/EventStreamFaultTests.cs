using System.Net;
using System.Net.Sockets;
using System.Text;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.Faults;

/// <summary>Clients whose line breaks while they follow a job, or who go without a word.</summary>
[Collection(nameof(ApiFaults))]
public sealed class EventStreamFaultTests(TwoApis fixture)
{
    /// <summary>Streams that a user may have open (RateLimits:StreamsPerUser).</summary>
    private const int StreamsPerUser = 5;

    private static readonly TimeSpan BackToBase = TimeSpan.FromSeconds(30);

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F27")]
    public async Task A_client_whose_line_is_cut_again_and_again_sees_every_event_once_and_in_order()
    {
        var user = _scenario.NewUser();
        await using var line = TcpProxy.To("127.0.0.1", _scenario.Api.Address.Port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{line.Port}") };
        http.DefaultRequestHeaders.Authorization = user.Http.DefaultRequestHeaders.Authorization;
        var api = RestService.For<IPrintCraftApi>(http, PrintCraftClient.Settings);
        var id = await _scenario.OrderAsync(user, "slow=2");

        var seen = await FollowAsync(() => api, id, line.Reset);

        await AssertWholeAsync(id, seen);
        Assert.True(line.Connections > 2, $"The line was cut {line.Connections - 1} times.");
    }

    [Fact]
    [Trait("Fault", "F27")]
    public async Task A_client_whose_api_dies_goes_on_at_the_other_without_a_gap()
    {
        var name = $"fault-{Guid.CreateVersion7():n}";
        var (mortal, other) = (_scenario.User(name, api: 1).Api, _scenario.User(name, api: 0).Api);
        var id = await _scenario.OrderAsync(_scenario.User(name), "slow=2");
        var dead = false;

        var seen = await FollowAsync(() => dead ? other : mortal, id, () =>
        {
            // Events that the dead one had already sent may still be read after this.
            if (!dead)
            {
                dead = true;
                _scenario.Apis[1].KillAsync().GetAwaiter().GetResult();
            }
        });
        await _scenario.Apis[1].StartAsync();

        await AssertWholeAsync(id, seen);
    }

    [Fact]
    [Trait("Fault", "F27")]
    public async Task Clients_that_drop_after_one_event_leave_no_stream_behind()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, "slow=8");

        for (var round = 0; round < 6; round++)
        {
            // As many as are allowed: if one of the last round were still counted, the next would be refused.
            await Eventually.HoldsAsync(async () => await CanOpenAsync(user, id), () => $"a place for a stream in round {round}. {_scenario.Story()}", BackToBase);
            Drop(await Task.WhenAll(Enumerable.Range(0, StreamsPerUser).Select(_ => OpenRawAsync(user, $"generations/{id}/events"))));
        }

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F27")]
    public async Task Five_hundred_clients_that_drop_at_once_leave_no_stream_behind_and_keep_nobody_waiting()
    {
        var users = Enumerable.Range(0, 500 / StreamsPerUser).Select(_ => _scenario.NewUser()).ToList();
        var ids = await Task.WhenAll(users.Take(5).Select(user => _scenario.OrderAsync(user, "slow=1")));

        Drop(await Task.WhenAll(users.SelectMany(user => Enumerable.Range(0, StreamsPerUser).Select(_ => OpenRawAsync(user, "generations/events")))));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        foreach (var (user, id) in users.Zip(ids))
        {
            await Eventually.HoldsAsync(async () => await CanOpenAsync(user, id), () => $"a place for a stream. {_scenario.Story()}", BackToBase);
        }

        await _scenario.AssertInvariantsAsync();
    }

    /// <summary>Reads to the final event; after each event something is broken, a few times.</summary>
    private static async Task<List<StreamedEvent>> FollowAsync(Func<IPrintCraftApi> api, Guid id, Action breakLine)
    {
        var seen = new List<StreamedEvent>();
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var response = await api().OpenGenerationEventsAsync(id, seen.Count > 0 ? seen[^1].Id : null, CancellationToken.None);
                    await foreach (var one in response.ReadEventsAsync(CancellationToken.None))
                    {
                        seen.Add(one);
                        if (!one.Data.IsFinal)
                        {
                            breakLine();
                        }
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException or ApiExceptionBase)
                {
                    // Cut; asked again with the last id.
                }

                return seen.Count > 0 && seen[^1].Data.IsFinal;
            },
            () => $"the final event; seen: {string.Join(", ", seen.Select(one => $"{one.Id} {one.Data.Type}"))}",
            TimeSpan.FromSeconds(90));
        return seen;
    }

    private async Task AssertWholeAsync(Guid id, List<StreamedEvent> seen)
    {
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        var told = await _scenario.Sql.ListAsync("SELECT seq, type FROM generation_events WHERE generation_id = $1 ORDER BY seq", id);
        Assert.Equal(told, seen.Select(one => $"{one.Id}|{one.Data.Type}"));
        await _scenario.AssertInvariantsAsync();
    }

    private static async Task<bool> CanOpenAsync(TestUser user, Guid id)
    {
        using var response = await user.Api.OpenGenerationEventsAsync(id, null, CancellationToken.None);
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Without a word.</summary>
    private static void Drop(IEnumerable<Socket> sockets)
    {
        foreach (var socket in sockets)
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }

    /// <summary>A connection to a stream that has begun.</summary>
    private static async Task<Socket> OpenRawAsync(TestUser user, string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", user.Http.BaseAddress!.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {user.Credential}\r\n\r\n"));
        await socket.ReceiveAsync(new byte[512]);
        return socket;
    }
}
