using System.Security.Cryptography;
using System.Text;

using PrintCraft.Replicate;

namespace PrintCraft.Tests.Webhooks;

/// <summary>The known answer is that of the Standard Webhooks libraries.</summary>
public sealed class WebhookSignatureTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Timestamp = "1614265330";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    private static ReadOnlySpan<byte> Body => """{"test": 2432232314}"""u8;

    [Fact]
    public void The_known_answer_verifies() => Assert.True(Verify());

    [Fact]
    public void The_secret_may_come_without_its_prefix() => Assert.True(Verify(secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(86400 * 365, false)]
    public void A_timestamp_is_at_most_five_minutes_off_either_way(int seconds, bool verifies)
    {
        Assert.Equal(verifies, Verify(now: SentAt.AddSeconds(seconds)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("1614265330.0")]
    [InlineData(" 1614265330")]
    [InlineData("+1614265330")]
    [InlineData("-1614265330")]
    [InlineData("01614265330")]
    [InlineData("1614265331")]
    [InlineData("1614265330000")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999")]
    public void Another_timestamp_does_not_verify(string? timestamp) => Assert.False(Verify(timestamp: timestamp));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("msg_p5jXN8AQM9LWM0D4loKWxJeK")]
    [InlineData("msg_p5jXN8AQM9LWM0D4loKWxJek ")]
    public void Another_id_does_not_verify(string? id) => Assert.False(Verify(id: id));

    [Fact]
    public void A_body_with_one_changed_byte_does_not_verify()
    {
        for (var at = 0; at < Body.Length; at++)
        {
            var changed = Body.ToArray();
            changed[at] ^= 1;

            Assert.False(Verify(body: changed));
        }
    }

    [Fact]
    public void A_body_that_was_written_anew_does_not_verify()
    {
        Assert.False(Verify(body: """{"test":2432232314}"""u8));
        Assert.False(Verify(body: """{"test": 2432232314} """u8));
        Assert.False(Verify(body: []));
    }

    [Theory]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= " + Signature)]
    [InlineData(Signature + " v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("v1a,ed25519 nonsense v2,x  " + Signature)]
    public void One_right_signature_among_others_verifies(string signatures) => Assert.True(Verify(signatures: signatures));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("v1")]
    [InlineData("v1,")]
    [InlineData("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1=g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")]
    [InlineData("v1,g0hM9SsE")]
    [InlineData("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OEAAAA=")]
    [InlineData("v1,G0HM9SSE+OTPJTGT/TMIKTSYZLE3UFJELVLNIOLJ1OE=")]
    [InlineData("v1,not base64!")]
    [InlineData("v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= v1,BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Without_a_right_signature_of_version_1_nothing_verifies(string? signatures) => Assert.False(Verify(signatures: signatures));

    [Fact]
    public void Another_secret_does_not_verify() => Assert.False(Verify(secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

    /// <summary>Signed is "id.timestamp.body": with a dot in the id, one signature would serve two different splits of the same text.</summary>
    [Fact]
    public void An_id_with_a_dot_does_not_verify()
    {
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"msg.{Timestamp}.{Timestamp}.body")));

        Assert.True(WebhookSignature.Verify(Secret, "msg", Timestamp, signature, Encoding.UTF8.GetBytes($"{Timestamp}.body"), SentAt));
        Assert.False(WebhookSignature.Verify(Secret, $"msg.{Timestamp}", Timestamp, signature, "body"u8, SentAt));
    }

    [Theory]
    [InlineData("")]
    [InlineData("whsec_")]
    public void With_an_empty_secret_nothing_verifies_not_even_what_was_signed_with_it(string secret)
    {
        var signed = HMACSHA256.HashData([], [.. Encoding.UTF8.GetBytes($"{Id}.{Timestamp}."), .. Body]);

        Assert.Throws<CryptographicException>(() => Verify(secret, signatures: "v1," + Convert.ToBase64String(signed)));
    }

    private static bool Verify(
        string secret = Secret, string? id = Id, string? timestamp = Timestamp, string? signatures = Signature, DateTimeOffset? now = null) =>
        WebhookSignature.Verify(secret, id, timestamp, signatures, Body, now ?? SentAt);

    private static bool Verify(ReadOnlySpan<byte> body) => WebhookSignature.Verify(Secret, Id, Timestamp, Signature, body, SentAt);
}
