using System.Buffers.Binary;
using System.Buffers.Text;

namespace PrintCraft.Api.Paging;

/// <summary>The place in a feed after one row, as base64url: 8 bytes of time, 16 of id. Opaque to callers; says nothing they do not know.</summary>
internal static class FeedCursor
{
    private const int Length = 24;

    public static string Write(DateTimeOffset createdAt, Guid id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, createdAt.UtcTicks);
        id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string cursor, out DateTimeOffset createdAt, out Guid id)
    {
        (createdAt, id) = (default, default);
        Span<byte> bytes = stackalloc byte[Length];
        if (!Base64Url.IsValid(cursor, out var length) || length != Length)
        {
            return false;
        }

        Base64Url.DecodeFromChars(cursor, bytes);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.UnixEpoch.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
        {
            return false;
        }

        createdAt = new DateTimeOffset(ticks, TimeSpan.Zero);
        id = new Guid(bytes[8..], bigEndian: true);
        return true;
    }
}
