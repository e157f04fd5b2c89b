using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;

namespace PrintCraft.Api.Paging;

/// <summary>The row after which a page begins.</summary>
internal sealed record FeedPlace(DateTimeOffset CreatedAt, Guid Id);

/// <summary>
/// Writes the place in a feed as base64url: 8 bytes of time, 16 of id, and 16 of an HMAC over them and the feed with its filters. So a cursor works only
/// where it came from, for whom it was made, and nobody makes one up. Every API process has the same key.
/// </summary>
internal sealed class FeedCursor(IOptions<ImageUrlOptions> secrets)
{
    private const int PlaceLength = 24;
    private const int Length = PlaceLength + 16;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secrets.Value.SigningKey), 32, info: "PrintCraft feed cursor 1"u8.ToArray());

    /// <param name="feed">Whose, which, and filtered how.</param>
    public string Write(string feed, FeedPlace place)
    {
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.CreatedAt.UtcTicks);
        place.Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        Sign(feed, bytes[..PlaceLength], bytes[PlaceLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    public bool TryRead(string feed, string cursor, [NotNullWhen(true)] out FeedPlace? place)
    {
        place = null;
        Span<byte> bytes = stackalloc byte[Length];
        Span<byte> signature = stackalloc byte[Length - PlaceLength];
        if (!Base64Url.IsValid(cursor, out var length) || length != Length)
        {
            return false;
        }

        Base64Url.DecodeFromChars(cursor, bytes);
        Sign(feed, bytes[..PlaceLength], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[PlaceLength..]))
        {
            return false;
        }

        place = new FeedPlace(new DateTimeOffset(BinaryPrimitives.ReadInt64BigEndian(bytes), TimeSpan.Zero), new Guid(bytes[8..PlaceLength], bigEndian: true));
        return true;
    }

    private void Sign(string feed, ReadOnlySpan<byte> place, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, [.. place, .. Encoding.UTF8.GetBytes(feed)], hash);
        hash[..signature.Length].CopyTo(signature);
    }
}
