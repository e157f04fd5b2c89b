using System.Buffers.Binary;
using System.IO.Compression;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>Reads the PNGs that the tests see: 8-bit RGB, not interlaced, filters None, Sub and Up.</summary>
internal sealed record PngImage(int Width, int Height, byte[] Rgb)
{
    public static PngImage Read(ReadOnlySpan<byte> file)
    {
        Assert.True(file.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]));
        int width = BinaryPrimitives.ReadInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        Assert.Equal([8, 2, 0, 0, 0], file[24..29].ToArray());

        using var packed = new MemoryStream();
        for (var at = 8; at < file.Length; at += BinaryPrimitives.ReadInt32BigEndian(file[at..]) + 12)
        {
            var chunk = file.Slice(at + 4, BinaryPrimitives.ReadInt32BigEndian(file[at..]) + 4);
            Assert.Equal(Crc32(chunk), BinaryPrimitives.ReadUInt32BigEndian(file[(at + 4 + chunk.Length)..]));
            if (chunk.StartsWith("IDAT"u8))
            {
                packed.Write(chunk[4..]);
            }
        }

        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        byte[] rgb = new byte[width * height * 3], row = new byte[1 + (width * 3)];
        for (var y = 0; y < height; y++)
        {
            zlib.ReadExactly(row);
            for (var i = 0; i < width * 3; i++)
            {
                var at = (y * width * 3) + i;
                rgb[at] = (byte)(row[i + 1] + row[0] switch
                {
                    0 => 0,
                    1 => i < 3 ? 0 : rgb[at - 3],
                    2 => y == 0 ? 0 : rgb[at - (width * 3)],
                    var filter => throw new InvalidDataException($"filter {filter}"),
                });
            }
        }

        Assert.Equal(-1, zlib.ReadByte());
        return new(width, height, rgb);
    }

    private static uint Crc32(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var octet in data)
        {
            crc ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
