using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PrintCraft.Tests.Images;

/// <summary>Writes PNG files, right ones and wrong ones. Knows nothing of the code that reads them.</summary>
internal static class TestPng
{
    public const byte Gray = 0;
    public const byte Rgb = 2;

    public static byte[] Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] End => Chunk("IEND", []);

    /// <summary>A whole RGB picture in two IDAT chunks, with a chunk of text before them.</summary>
    public static byte[] Whole(int width, int height)
    {
        var data = Deflate(Noise(height, (width * 3) + 1));
        return
        [
            .. Signature, .. Header(width, height), .. Chunk("tEXt", Encoding.ASCII.GetBytes("Software\0test")),
            .. Chunk("IDAT", data[..(data.Length / 2)]), .. Chunk("IDAT", data[(data.Length / 2)..]), .. End,
        ];
    }

    /// <summary>A picture of that header with that many bytes of pixel data.</summary>
    public static byte[] WithPixels(byte[] header, long bytes) => [.. Signature, .. header, .. Chunk("IDAT", Deflate(new byte[bytes])), .. End];

    public static byte[] Header(int width, int height, byte depth = 8, byte color = Rgb, byte compression = 0, byte filter = 0, byte interlace = 0)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[10], data[11], data[12]) = (depth, color, compression, filter, interlace);
        return Chunk("IHDR", data);
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>The same rows each time, hardly compressible; each starts with its filter, 0 to 4.</summary>
    private static byte[] Noise(int rows, int rowBytes)
    {
        var bytes = new byte[rows * rowBytes];
        new Random(42).NextBytes(bytes);
        for (var row = 0; row < rows; row++)
        {
            bytes[row * rowBytes] = (byte)(row % 5);
        }

        return bytes;
    }

    /// <summary>Bit by bit, as the specification's text has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
