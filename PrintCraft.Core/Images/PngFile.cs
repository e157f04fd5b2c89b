using System.Buffers.Binary;

namespace PrintCraft.Core.Images;

/// <summary>
/// Looks at a PNG without drawing it: is it whole, and how large is the picture? Reads every chunk and checks every CRC, so that no cut and no damaged
/// file passes. The pixel data is not unpacked, which would cost several times everything else that is done for an image: its length must be possible for
/// the size that the header says, so that no decompression bomb passes, and whoever draws it stops at that size.
/// Source: PNG specification, third edition, https://www.w3.org/TR/png-3/.
/// </summary>
public static class PngFile
{
    /// <summary>Pixels; more is refused before anything is inflated.</summary>
    private const long MaxPixels = 64L * 1024 * 1024;

    private const int ChunkOverhead = 12;
    private const int HeaderLength = 13;

    /// <summary>Signature, length and type of the first chunk, width, height.</summary>
    private const int SizeEnd = 8 + 8 + 8;

    private static readonly uint[][] CrcTables = MakeTables();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>What the header says, in pixels; null when there is none.</summary>
    public static (int Width, int Height)? ReadSize(byte[] file) =>
        file.AsSpan().StartsWith(Signature) && file.Length >= SizeEnd
            ? (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(SizeEnd - 8)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(SizeEnd - 4)))
            : null;

    /// <summary>Width and height in pixels, or why the bytes are not a whole PNG.</summary>
    public static (int Width, int Height, string? Problem) Inspect(byte[] file)
    {
        if (!file.AsSpan().StartsWith(Signature))
        {
            return (0, 0, "it does not start as a PNG");
        }

        var (width, height, raw, packed) = (0, 0, 0L, 0L);
        for (var at = Signature.Length; at + ChunkOverhead <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - ChunkOverhead)
            {
                return (0, 0, "it is cut short");
            }

            var typeAndData = file.AsSpan(at + 4, (int)length + 4);
            var data = typeAndData[4..];
            if (Crc(typeAndData) != BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + (int)length)))
            {
                return (0, 0, "a checksum is wrong");
            }

            if (at == Signature.Length)
            {
                if (!typeAndData.StartsWith("IHDR"u8) || !TryReadHeader(data, out width, out height, out raw))
                {
                    return (0, 0, "its header is not one that can be printed");
                }
            }
            else if (typeAndData.StartsWith("IDAT"u8))
            {
                if (packed == 0 && !StartsAsZlib(data))
                {
                    return (0, 0, "its pixel data is damaged");
                }

                packed += data.Length;
            }
            else if (typeAndData.StartsWith("IEND"u8))
            {
                if (at + ChunkOverhead + length != file.Length)
                {
                    return (0, 0, "something follows its end");
                }

                return (width, height, PixelProblem(packed, raw));
            }

            at += ChunkOverhead + (int)length;
        }

        return (0, 0, "it is cut short");
    }

    /// <summary>Only what print needs: no interlace.</summary>
    /// <param name="raw">Bytes of the pixels before compression: each row has one for its filter.</param>
    private static bool TryReadHeader(ReadOnlySpan<byte> header, out int width, out int height, out long raw)
    {
        (width, height, raw) = (0, 0, 0);
        if (header.Length != HeaderLength)
        {
            return false;
        }

        width = BinaryPrimitives.ReadInt32BigEndian(header);
        height = BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        var depth = header[8];
        var channels = (header[9], depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
            (2, 8 or 16) => 3,
            (4, 8 or 16) => 2,
            (6, 8 or 16) => 4,
            _ => 0,
        };
        if (width <= 0 || height <= 0 || (long)width * height > MaxPixels || channels == 0 || header[10..].IndexOfAnyExcept((byte)0) >= 0)
        {
            return false;
        }

        raw = (1 + ((((long)width * channels * depth) + 7) / 8)) * height;
        return true;
    }

    /// <summary>RFC 1950, 2.2: method 8, and a check that makes the two bytes a multiple of 31.</summary>
    private static bool StartsAsZlib(ReadOnlySpan<byte> data) => data.Length >= 2 && (data[0] & 0x0f) == 8 && ((data[0] << 8) | data[1]) % 31 == 0;

    /// <summary>Deflate makes nothing smaller than a 1032th, and what it cannot make smaller at most a little larger (https://zlib.net/zlib_tech.html).</summary>
    private static string? PixelProblem(long packed, long raw) =>
        packed < raw / 1032 || packed == 0 ? "pixels are missing"
        : packed > raw + (raw / 100) + 1024 ? "it holds more pixels than its header says"
        : null;

    /// <summary>CRC-32 as PNG has it (annex D), eight bytes at a time ("slicing by 8").</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var tables = CrcTables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^ tables[5][(low >> 16) & 0xff] ^ tables[4][low >> 24]
                ^ tables[3][high & 0xff] ^ tables[2][(high >> 8) & 0xff] ^ tables[1][(high >> 16) & 0xff] ^ tables[0][high >> 24];
        }

        foreach (var value in bytes)
        {
            crc = tables[0][(crc ^ value) & 0xff] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[][] MakeTables()
    {
        var tables = new uint[8][];
        tables[0] = [.. Enumerable.Range(0, 256).Select(TableEntry)];
        for (var slice = 1; slice < 8; slice++)
        {
            var before = tables[slice - 1];
            tables[slice] = [.. before.Select(entry => tables[0][entry & 0xff] ^ (entry >> 8))];
        }

        return tables;
    }

    private static uint TableEntry(int index)
    {
        var value = (uint)index;
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) != 0 ? 0xedb88320 ^ (value >> 1) : value >> 1;
        }

        return value;
    }
}
