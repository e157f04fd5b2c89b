using System.Security.Cryptography;
using System.Text;

using Microsoft.Extensions.Logging.Abstractions;

using PrintCraft.Api.Webhooks;
using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Replicate;

namespace PrintCraft.Tests.Webhooks;

public sealed class ReplicateWebhookSecretTests
{
    private const string OldKey = "whsec_b2xkIHNlY3JldCBvZiB0aGUgYWNjb3VudA==";
    private const string NewKey = "whsec_bmV3IHNlY3JldCBvZiB0aGUgYWNjb3VudA==";

    private static readonly byte[] Body = [.. """{"id":"gm3q"}"""u8];

    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private string _key = OldKey;

    [Fact]
    public async Task The_key_is_read_when_first_needed_and_kept()
    {
        await using var replicate = await StartAsync();
        using var secret = new ReplicateWebhookSecret(replicate.Api, _time, NullLogger<ReplicateWebhookSecret>.Instance);
        Assert.Empty(replicate.Asked);

        Assert.True(await VerifyAsync(secret, OldKey));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(await VerifyAsync(secret, OldKey));

        Assert.Single(replicate.Asked);
    }

    [Fact]
    public async Task Many_webhooks_at_once_read_the_key_once()
    {
        await using var replicate = await StartAsync();
        using var secret = new ReplicateWebhookSecret(replicate.Api, _time, NullLogger<ReplicateWebhookSecret>.Instance);

        var verified = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VerifyAsync(secret, OldKey)));

        Assert.All(verified, Assert.True);
        Assert.Single(replicate.Asked);
    }

    [Fact]
    public async Task A_rotated_key_is_found_out_by_the_first_webhook_it_signed()
    {
        await using var replicate = await StartAsync();
        using var secret = new ReplicateWebhookSecret(replicate.Api, _time, NullLogger<ReplicateWebhookSecret>.Instance);
        Assert.True(await VerifyAsync(secret, OldKey));

        _key = NewKey;
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await VerifyAsync(secret, NewKey));
        Assert.False(await VerifyAsync(secret, OldKey));
        Assert.Equal(2, replicate.Asked.Count);
    }

    [Fact]
    public async Task Wrong_signatures_make_the_key_be_read_at_most_once_a_minute()
    {
        await using var replicate = await StartAsync();
        using var secret = new ReplicateWebhookSecret(replicate.Api, _time, NullLogger<ReplicateWebhookSecret>.Instance);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VerifyAsync(secret, NewKey))), Assert.False);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await VerifyAsync(secret, NewKey));
        Assert.Single(replicate.Asked);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await VerifyAsync(secret, NewKey));
        Assert.Equal(2, replicate.Asked.Count);
        Assert.True(await VerifyAsync(secret, OldKey));
    }

    [Fact]
    public async Task While_the_key_cannot_be_read_nothing_verifies_and_afterwards_it_does()
    {
        var isDown = true;
        await using var replicate = await CannedReplicate.StartAsync(context =>
            CannedReplicate.Answer(isDown ? 503 : 200, $$"""{"key":"{{OldKey}}"}""")(context));
        using var secret = new ReplicateWebhookSecret(replicate.Api, _time, NullLogger<ReplicateWebhookSecret>.Instance);

        Assert.Equal(WebhookVerdict.Unknown, await VerdictAsync(secret, OldKey));
        isDown = false;
        Assert.Equal(WebhookVerdict.Unknown, await VerdictAsync(secret, OldKey));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(WebhookVerdict.Genuine, await VerdictAsync(secret, OldKey));
    }

    private Task<CannedReplicate> StartAsync() =>
        CannedReplicate.StartAsync(context => CannedReplicate.Answer(200, $$"""{"key":"{{_key}}"}""")(context));

    private async Task<bool> VerifyAsync(ReplicateWebhookSecret secret, string signingKey) => await VerdictAsync(secret, signingKey) == WebhookVerdict.Genuine;

    private Task<WebhookVerdict> VerdictAsync(ReplicateWebhookSecret secret, string signingKey)
    {
        var timestamp = $"{_time.GetUtcNow().ToUnixTimeSeconds()}";
        byte[] signed = [.. Encoding.ASCII.GetBytes($"msg_1.{timestamp}."), .. Body];
        var signature = HMACSHA256.HashData(Convert.FromBase64String(signingKey["whsec_".Length..]), signed);
        return secret.VerifyAsync("msg_1", timestamp, "v1," + Convert.ToBase64String(signature), Body, CancellationToken.None);
    }
}
