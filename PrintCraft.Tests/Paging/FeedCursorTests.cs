using System.Buffers.Text;

using PrintCraft.Api.Paging;

namespace PrintCraft.Tests.Paging;

public sealed class FeedCursorTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero).AddTicks(1234567);
    private static readonly Guid Id = new("0198f1c2-3456-7abc-8def-0123456789ab");

    [Fact]
    public void A_cursor_is_read_as_it_was_written()
    {
        Assert.True(FeedCursor.TryRead(FeedCursor.Write(At, Id), out var at, out var id));
        Assert.Equal((At, Id), (at, id));
    }

    [Fact]
    public void The_same_moment_in_another_zone_is_the_same_cursor()
    {
        Assert.Equal(FeedCursor.Write(At, Id), FeedCursor.Write(At.ToOffset(TimeSpan.FromHours(9)), Id));
    }

    [Fact]
    public void A_cursor_needs_no_escaping_in_an_address()
    {
        var cursor = FeedCursor.Write(DateTimeOffset.MaxValue, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"));

        Assert.Equal(cursor, Uri.EscapeDataString(cursor));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("next")]
    [InlineData("0198f1c2-3456-7abc-8def-0123456789ab")]
    [InlineData("'; DROP TABLE generations; --")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    public void What_is_no_cursor_is_refused(string cursor) => Assert.False(FeedCursor.TryRead(cursor, out _, out _));

    [Theory]
    [InlineData(23)]
    [InlineData(25)]
    public void A_cursor_of_another_length_is_refused(int length)
    {
        Assert.False(FeedCursor.TryRead(Base64Url.EncodeToString(new byte[length]), out _, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_time_that_no_row_can_have_is_refused(long ticks)
    {
        var bytes = new byte[24];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, ticks);

        Assert.False(FeedCursor.TryRead(Base64Url.EncodeToString(bytes), out _, out _));
    }

    [Fact]
    public void The_ends_of_time_are_cursors()
    {
        Assert.True(FeedCursor.TryRead(FeedCursor.Write(DateTimeOffset.UnixEpoch, Id), out _, out _));
        Assert.True(FeedCursor.TryRead(FeedCursor.Write(DateTimeOffset.MaxValue, Id), out _, out _));
    }
}
