using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.ReplicateSimulator.Catalogue;

/// <summary>A picture to start from. What it shows is not looked at: its bytes only shift the seed, so that another one gives another picture.</summary>
/// <param name="Bits">Of its hash; what an address leads to is not fetched, so there it is the address's.</param>
/// <param name="Size">Pixels, by its header; null when that says nothing.</param>
internal sealed record Reference(uint Bits, (int Width, int Height)? Size)
{
    public const string Unreadable = "cannot identify image file '/tmp/image.png'";

    /// <summary>Null when it is neither an address nor a data URL.</summary>
    public static Reference? Of(string uri)
    {
        if (!uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(uri, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? new Reference(Hash(Encoding.UTF8.GetBytes(uri)), (1024, 1024))
                : null;
        }

        var at = uri.IndexOf(";base64,", StringComparison.OrdinalIgnoreCase);
        var bytes = new byte[at < 0 ? 0 : uri.Length - at];
        return at > 0 && Convert.TryFromBase64Chars(uri.AsSpan(at + 8), bytes, out var length)
            ? new Reference(Hash(bytes.AsSpan(0, length)), SizeOf(bytes.AsSpan(0, length)))
            : null;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(bytes)) >> 1;

    /// <summary>Of a PNG or a JPEG.</summary>
    private static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> file)
    {
        if (file.Length > 24 && file[1..4].SequenceEqual("PNG"u8))
        {
            return (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        }

        // Segments, until the one that begins the frame (C0 to CF but for C4, C8 and CC).
        for (var at = 2; at + 9 < file.Length && file[at] == 0xff; at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]))
        {
            if (file[at + 1] is >= 0xc0 and <= 0xcf and not 0xc4 and not 0xc8 and not 0xcc)
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            }
        }

        return null;
    }
}
