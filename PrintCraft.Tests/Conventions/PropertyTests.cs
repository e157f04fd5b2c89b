using System.Security.Cryptography;
using System.Text;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;
using PrintCraft.Api.Paging;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Conventions;

/// <summary>Statements about every input of small rules whose examples stand with their nouns.</summary>
public sealed class PropertyTests
{
    [Fact]
    public void Every_place_in_a_feed_is_read_back_from_its_cursor_and_no_text_is_a_cursor_by_chance()
    {
        var cursors = new FeedCursor(Options.Create(new ImageUrlOptions { SigningKey = "a key of thirty-two characters !" }));
        Property.Holds(5000, random =>
        {
            var place = new FeedPlace(DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(TimeSpan.TicksPerDay * 365 * 200)), Id(random));
            var feed = random.Text(20);

            Assert.True(cursors.TryRead(feed, cursors.Write(feed, place), out var read));
            Assert.Equal(place, read);
            Assert.False(cursors.TryRead(feed, cursors.Write(feed, place)[..random.Next(54)], out _));
            // Never throws, whatever comes.
            Assert.False(cursors.TryRead(feed, random.Text(80), out _));
        });
    }

    [Fact]
    public void A_pause_is_within_its_bounds_and_what_the_provider_asked_for_wins()
    {
        Property.Holds(5000, random =>
        {
            var (attempt, first, chance) = (random.Next(-3, 1000), TimeSpan.FromSeconds(random.NextDouble() * 100), random.NextDouble());
            var asked = TimeSpan.FromSeconds(random.Next(-10, 10_000));

            var pause = RetryPlan.Delay(attempt, first, null, chance);

            Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Assert.True(pause >= Min(first, TimeSpan.FromMinutes(1)) / 2, "shorter than half of the first pause");
            Assert.True(pause <= RetryPlan.Delay(attempt + 1, first, null, chance), "a later try comes sooner");
            Assert.Equal(asked > TimeSpan.Zero ? asked : TimeSpan.Zero, RetryPlan.Delay(attempt, first, asked, chance));
        });
    }

    [Fact]
    public void A_webhook_is_genuine_as_it_was_signed_and_with_no_bit_changed()
    {
        Property.Holds(2000, random =>
        {
            var key = new byte[32];
            random.NextBytes(key);
            var (now, id, body) = (DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(2_000_000_000)), $"msg_{random.Next()}", Encoding.UTF8.GetBytes(random.Text(200)));
            var (secret, stamp) = ($"whsec_{Convert.ToBase64String(key)}", $"{now.ToUnixTimeSeconds()}");
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{stamp}."), .. body];
            var signature = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";

            Assert.True(WebhookSignature.Verify(secret, id, stamp, signature, body, now.AddSeconds(random.Next(-300, 301))));
            Assert.True(WebhookSignature.Verify(secret, id, stamp, $"{random.Text(30).Replace(' ', '_')} {signature}", body, now));
            Assert.False(WebhookSignature.Verify(secret, id, stamp, signature, body, now.AddSeconds(random.Of([-301, 301, 100_000]))));
            Assert.False(WebhookSignature.Verify(secret, id + "x", stamp, signature, body, now));
            Assert.False(WebhookSignature.Verify(secret, id, $"{now.ToUnixTimeSeconds() + 1}", signature, body, now));
            Assert.False(WebhookSignature.Verify($"whsec_{Convert.ToBase64String(Flip(key))}", id, stamp, signature, body, now));
            if (body.Length > 0)
            {
                Assert.False(WebhookSignature.Verify(secret, id, stamp, signature, Flip(body), now));
            }

            byte[] Flip(byte[] bytes)
            {
                var other = bytes.ToArray();
                other[random.Next(other.Length)] ^= (byte)(1 << random.Next(8));
                return other;
            }
        });
    }

    private static Guid Id(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
