using System.Buffers.Text;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;
using PrintCraft.Api.Paging;

namespace PrintCraft.Tests.Paging;

public sealed class FeedCursorTests
{
    private const string Feed = "generations|someone|";
    private static readonly FeedPlace Place = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567), new Guid("0198f1c2-3456-7abc-8def-0123456789ab"));

    private readonly FeedCursor _cursors = With("a key of thirty-two characters !");

    [Fact]
    public void A_cursor_is_read_as_it_was_written_by_every_process_with_the_key()
    {
        Assert.True(With("a key of thirty-two characters !").TryRead(Feed, _cursors.Write(Feed, Place), out var place));
        Assert.Equal(Place, place);
    }

    [Fact]
    public void The_same_moment_in_another_zone_is_the_same_cursor()
    {
        Assert.Equal(_cursors.Write(Feed, Place), _cursors.Write(Feed, Place with { CreatedAt = Place.CreatedAt.ToOffset(TimeSpan.FromHours(9)) }));
    }

    [Fact]
    public void A_cursor_needs_no_escaping_in_an_address()
    {
        var cursor = _cursors.Write(Feed, new FeedPlace(DateTimeOffset.MaxValue, Guid.AllBitsSet));

        Assert.Equal(cursor, Uri.EscapeDataString(cursor));
    }

    [Theory]
    [InlineData("generations|somebody else|")]
    [InlineData("generations|someone|failed")]
    [InlineData("ledger|someone")]
    [InlineData("")]
    public void A_cursor_works_for_its_feed_alone(string feed) => Assert.False(_cursors.TryRead(feed, _cursors.Write(Feed, Place), out _));

    [Fact]
    public void A_cursor_of_another_key_is_refused() => Assert.False(With("another key of many characters !").TryRead(Feed, _cursors.Write(Feed, Place), out _));

    [Fact]
    public void A_cursor_with_any_bit_changed_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(_cursors.Write(Feed, Place));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(_cursors.TryRead(Feed, Base64Url.EncodeToString(bytes), out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("next")]
    [InlineData("0198f1c2-3456-7abc-8def-0123456789ab")]
    [InlineData("'; DROP TABLE generations; --")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    public void What_is_no_cursor_is_refused(string cursor) => Assert.False(_cursors.TryRead(Feed, cursor, out _));

    private static FeedCursor With(string key) => new(Options.Create(new ImageUrlOptions { SigningKey = key }));
}
