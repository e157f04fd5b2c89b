using System.Net.WebSockets;
using System.Runtime.CompilerServices;

using PrintCraft.Client;
using PrintCraft.Tests.Events;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.Faults;

/// <summary>
/// A client that loses its connection after each event and comes back at the other API process, with and without Redis: what it has seen at the end is what
/// is in the database, on either wire and either channel.
/// </summary>
[Collection(nameof(ApiFaults))]
public sealed class DroppedConnectionTests(TwoApis fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Scenario _scenario = fixture.Scenario;

    /// <summary>Events from an API process, after a number.</summary>
    private delegate IAsyncEnumerable<Seen> Connection(int api, long after, CancellationToken cancellationToken);

    [Theory]
    [Trait("Fault", "F27")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_loses_the_connection_at_every_event_sees_what_the_database_holds(bool withRedis)
    {
        var name = $"dropped-{Guid.CreateVersion7():n}";
        var (user, users) = (_scenario.User(name), new[] { _scenario.User(name), _scenario.User(name, api: 1) });
        await user.Api.GetCreditsAsync(None);
        if (!withRedis)
        {
            _scenario.Redis.Refuse();
        }

        try
        {
            // Before there is an event: a connection that breaks at once leaves the number to go on from.
            var (overHub, overStream) = (await BeginHubAsync(users[0]), await BeginStreamAsync(users[1]));
            var jobs = new[] { await _scenario.OrderAsync(user, "slow=1"), await _scenario.OrderAsync(user, "end=failed slow=1") };
            var logs = await Task.WhenAll(
                DropAtEveryEventAsync(overHub, 2, (api, after, token) => HubAsync(users[api], null, after, token)),
                DropAtEveryEventAsync(overStream, 2, (api, after, token) => StreamAsync(users[api], null, after, token)),
                DropAtEveryEventAsync(0, 1, (api, after, token) => HubAsync(users[api], jobs[0], after, token)),
                DropAtEveryEventAsync(0, 1, (api, after, token) => StreamAsync(users[api], jobs[0], after, token)));

            Assert.Equal(("succeeded||1|0", "failed|model_failed|0|1"), (await _scenario.EndAsync(jobs[0]), await _scenario.EndAsync(jobs[1])));
            var all = await _scenario.Sql.ListAsync("SELECT user_seq, generation_id, seq, type FROM generation_events WHERE user_id = $1 ORDER BY user_seq", user.Id);
            var first = await _scenario.Sql.ListAsync("SELECT seq, generation_id, seq, type FROM generation_events WHERE generation_id = $1 ORDER BY seq", jobs[0]);
            Assert.True(first.Count >= 5 && all.Count >= first.Count + 3, $"{all.Count} events are no test");
            Assert.Equal(all, logs[0]);
            Assert.Equal(all, logs[1]);
            Assert.Equal(first, logs[2]);
            Assert.Equal(first, logs[3]);
        }
        finally
        {
            _scenario.Redis.Pass();
        }

        await _scenario.AssertInvariantsAsync();
    }

    /// <summary>Connects, takes one event, drops the connection, until so many jobs have ended.</summary>
    private async Task<IReadOnlyList<string>> DropAtEveryEventAsync(long after, int jobs, Connection connect)
    {
        var log = new List<string>();
        var round = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                try
                {
                    await foreach (var seen in connect(round++ % 2, after, patience.Token))
                    {
                        log.Add($"{seen.Id}|{seen.GenerationId}|{seen.Seq}|{seen.Type}");
                        (after, jobs) = (seen.Id, jobs - (seen.IsFinal ? 1 : 0));
                        break;
                    }
                }
                catch (Exception exception) when (exception is WebSocketException or ApiException or HttpRequestException)
                {
                    // The places of dropped connections are not all free yet.
                }

                return jobs == 0;
            },
            () => $"the final event; seen: {string.Join(", ", log)}. {_scenario.Story()}",
            TimeSpan.FromSeconds(120));
        return log;
    }

    private static async Task<long> BeginHubAsync(TestUser user)
    {
        await using var hub = await HubClient.ConnectAsync(user.Http.BaseAddress!, user.Credential);
        return (await hub.CallAsync("subscribe:user")).GetProperty("after").GetInt64();
    }

    private static async Task<long> BeginStreamAsync(TestUser user)
    {
        using var response = await user.Api.OpenEventsAsync(null, None);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 2000", await reader.ReadLineAsync());
        return long.Parse((await reader.ReadLineAsync())!["id: ".Length..], null);
    }

    private static async IAsyncEnumerable<Seen> HubAsync(TestUser user, Guid? job, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var hub = await HubClient.ConnectAsync(user.Http.BaseAddress!, user.Credential);
        await (job is null ? hub.CallAsync("resume:user", after) : hub.CallAsync("resume:generation", job, after));
        await foreach (var message in hub.ReadAsync(cancellationToken))
        {
            yield return new Seen(message.Id, message.GenerationId, message.Body.GetProperty("seq").GetInt32(), message.Type, message.IsFinal);
        }
    }

    private static async IAsyncEnumerable<Seen> StreamAsync(TestUser user, Guid? job, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = job is { } id ? await user.Api.OpenGenerationEventsAsync(id, after, cancellationToken) : await user.Api.OpenEventsAsync(after, cancellationToken);
        response.EnsureSuccessStatusCode();
        await foreach (var item in response.ReadEventsAsync(cancellationToken))
        {
            yield return new Seen(item.Id, item.Data.GenerationId, item.Data.Seq, item.Data.Type, item.Data.IsFinal);
        }
    }

    private sealed record Seen(long Id, Guid GenerationId, int Seq, string Type, bool IsFinal);
}
