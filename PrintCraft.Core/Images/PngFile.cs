using System.Buffers.Binary;
using System.IO.Compression;

namespace PrintCraft.Core.Images;

/// <summary>
/// Looks at a PNG without drawing it: is it whole, and how large is the picture? Reads every chunk, checks every CRC, and inflates the
/// pixel data exactly as far as the header says it goes, so that neither a cut file nor a decompression bomb passes.
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

    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(TableEntry)];

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

        var (width, height, rowBytes) = (0, 0, 0L);
        using var pixels = new MemoryStream();
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
                if (!typeAndData.StartsWith("IHDR"u8) || !TryReadHeader(data, out width, out height, out rowBytes))
                {
                    return (0, 0, "its header is not one that can be printed");
                }
            }
            else if (typeAndData.StartsWith("IDAT"u8))
            {
                pixels.Write(data);
            }
            else if (typeAndData.StartsWith("IEND"u8))
            {
                if (at + ChunkOverhead + length != file.Length)
                {
                    return (0, 0, "something follows its end");
                }

                return (width, height, PixelProblem(pixels, (rowBytes + 1) * height));
            }

            at += ChunkOverhead + (int)length;
        }

        return (0, 0, "it is cut short");
    }

    /// <summary>Only what print needs: no interlace, so that the length of the pixel data follows from the header.</summary>
    private static bool TryReadHeader(ReadOnlySpan<byte> header, out int width, out int height, out long rowBytes)
    {
        (width, height, rowBytes) = (0, 0, 0);
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

        rowBytes = (((long)width * channels * depth) + 7) / 8;
        return true;
    }

    private static string? PixelProblem(MemoryStream compressed, long expected)
    {
        compressed.Position = 0;
        using var inflated = new ZLibStream(compressed, CompressionMode.Decompress);
        var buffer = new byte[81920];
        var total = 0L;
        try
        {
            for (int read; (read = inflated.Read(buffer)) > 0;)
            {
                total += read;
                if (total > expected)
                {
                    return "it holds more pixels than its header says";
                }
            }
        }
        catch (InvalidDataException)
        {
            return "its pixel data is damaged";
        }

        return total == expected ? null : "pixels are missing";
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = CrcTable[(crc ^ value) & 0xff] ^ (crc >> 8);
        }

        return ~crc;
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
