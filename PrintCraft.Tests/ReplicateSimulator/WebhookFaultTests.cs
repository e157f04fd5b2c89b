using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>Each test has a receiver of its own, and looks into the simulator's book of deliveries for what did not arrive.</summary>
public sealed class WebhookFaultTests(FaultySimulator faulty) : IClassFixture<FaultySimulator>
{
    private const int TimestampTolerance = 300;

    [Fact]
    public async Task A_lost_webhook_is_never_sent()
    {
        await using var receiver = await Receiver.StartAsync();

        await faulty.CreateAsync("[sim: webhook=lost]", receiver.Url);
        await faulty.CreateAsync("[sim: times=1]", receiver.Url);

        Assert.All(await ToldAsync(receiver, 4), line => Assert.Equal(
            line.GetProperty("kind").GetString() == "lost" ? JsonValueKind.Null : JsonValueKind.Number, line.GetProperty("answer").ValueKind));
        Delivery[] came = [await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.Single(came.Select(delivery => delivery.Prediction.Id()).Distinct());
        Assert.Equal(0, receiver.Waiting);
    }

    [Fact]
    public async Task A_late_webhook_comes_after_the_end_was_seen()
    {
        await using var receiver = await Receiver.StartAsync();

        var ended = await faulty.Simulator.WaitForEndAsync(await faulty.CreateAsync("[sim: webhook-after=0.5]", receiver.Url));
        var completed = ended.GetProperty("completed_at").GetDateTime();

        Assert.All(await ToldAsync(receiver, 2), line => Assert.True(
            line.GetProperty("at").GetDateTime() - completed > TimeSpan.FromSeconds(0.45), $"Not late: {line}, ended at {completed:O}"));
    }

    [Fact]
    public async Task Copies_come_at_once_with_one_id()
    {
        await using var receiver = await Receiver.StartAsync();
        await faulty.CreateAsync("[sim: webhook-copies=100]", receiver.Url);

        var deliveries = new List<Delivery>();
        for (var i = 0; i < 200; i++)
        {
            deliveries.Add(await receiver.NextAsync());
        }

        var groups = deliveries.GroupBy(delivery => delivery.Headers["webhook-id"]).ToList();
        Assert.Equal([100, 100], groups.Select(group => group.Count()));
        Assert.All(groups, group => Assert.Single(group.Select(delivery => Encoding.UTF8.GetString(delivery.Body)).Distinct()));
    }

    [Fact]
    public async Task Reordered_webhooks_tell_the_end_first()
    {
        await using var receiver = await Receiver.StartAsync();
        await faulty.CreateAsync("[sim: webhook=reordered]", receiver.Url);

        Assert.Equal("succeeded", (await receiver.NextAsync()).Prediction.Status());
        Assert.Equal("processing", (await receiver.NextAsync()).Prediction.Status());
    }

    [Fact]
    public async Task A_forged_webhook_is_whole_but_for_its_key_and_is_sent_once()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = _ => Results.Unauthorized();

        await faulty.CreateAsync("[sim: webhook=forged]", receiver.Url);

        Assert.All(await ToldAsync(receiver, 2), line => Assert.Equal(
            ("forged", 401), (line.GetProperty("kind").GetString(), line.GetProperty("answer").GetInt32())));
        Delivery[] forged = [await receiver.NextAsync(), await receiver.NextAsync()];
        Assert.All(forged, delivery => Assert.InRange(Age(delivery), -5, TimestampTolerance));
        foreach (var delivery in forged)
        {
            Assert.False(await IsSignedAsync(delivery));
        }

        Assert.Equal(0, receiver.Waiting);
    }

    [Fact]
    public async Task A_stale_webhook_is_rightly_signed_and_an_hour_old()
    {
        await using var receiver = await Receiver.StartAsync();

        await faulty.CreateAsync("[sim: webhook=stale]", receiver.Url);

        foreach (var delivery in await receiver.UntilEndAsync())
        {
            Assert.InRange(Age(delivery), 3590, 3700);
            Assert.True(await IsSignedAsync(delivery));
        }
    }

    [Fact]
    public async Task A_replayed_webhook_comes_right_and_then_stale()
    {
        await using var receiver = await Receiver.StartAsync();

        await faulty.CreateAsync("[sim: webhook=replayed]", receiver.Url);
        Delivery[] all = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];

        Assert.All(all.GroupBy(delivery => delivery.Headers["webhook-id"]), same =>
        {
            Assert.Equal([false, true], same.Select(delivery => Age(delivery) > TimestampTolerance));
            Assert.Single(same.Select(delivery => Encoding.UTF8.GetString(delivery.Body)).Distinct());
        });
        foreach (var delivery in all)
        {
            Assert.True(await IsSignedAsync(delivery));
        }
    }

    private static long Age(Delivery delivery) =>
        TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(delivery.Headers["webhook-timestamp"]);

    /// <summary>Verifies with code of its own, not with the simulator's.</summary>
    private async Task<bool> IsSignedAsync(Delivery delivery)
    {
        var secret = await faulty.Simulator.Http.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret");
        var key = Convert.FromBase64String(secret.GetProperty("key").GetString()!["whsec_".Length..]);
        var content = $"{delivery.Headers["webhook-id"]}.{delivery.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(delivery.Body)}";
        return delivery.Headers["webhook-signature"] == $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)))}";
    }

    /// <summary>The simulator's book of what it sent to a receiver, once it has so many lines.</summary>
    private async Task<JsonElement[]> ToldAsync(Receiver receiver, int count)
    {
        JsonElement[] lines = [];
        await Eventually.HoldsAsync(
            async () => (lines = await faulty.ListAsync($"/simulator/webhooks?webhook-contains={new Uri(receiver.Url).Authority}")).Length >= count,
            () => $"{count} deliveries; there are {lines.Length}",
            TimeSpan.FromSeconds(30));
        Assert.Equal(count, lines.Length);
        return lines;
    }
}
