using System.Buffers.Binary;
using System.IO.Compression;

namespace PrintCraft.ReplicateSimulator.Drawing;

/// <summary>
/// Writes 8-bit RGB rows as a PNG: one IHDR, one IDAT, one IEND, every row filtered with Sub or Up.
/// See https://www.w3.org/TR/png-3/.
/// </summary>
internal static class PngFile
{
    private static readonly uint[] CrcOfByte = [.. Enumerable.Range(0, 256).Select(CrcOf)];

    public static byte[] Write(ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var packed = new MemoryStream(rgb.Length / 2);
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (width * 3)];
            for (var y = 0; y < height; y++)
            {
                Filter(rgb.Slice(y * width * 3, width * 3), y == 0 ? [] : rgb.Slice((y - 1) * width * 3, width * 3), row);
                zlib.Write(row);
            }
        }

        return Assemble(width, height, packed);
    }

    /// <summary>A file whose header is in order and whose rows unpack to many bytes more than the header lets expect.</summary>
    public static byte[] WriteBomb(int width, int height, int unpackedBytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[64 * 1024];
            for (var written = 0; written < unpackedBytes; written += zeros.Length)
            {
                zlib.Write(zeros);
            }
        }

        return Assemble(width, height, packed);
    }

    private static byte[] Assemble(int width, int height, MemoryStream packed)
    {
        using var file = new MemoryStream((int)packed.Length + 64);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = 2;
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>Up where there is a row above: our pictures change more along a row than between rows.</summary>
    private static void Filter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> filtered)
    {
        filtered[0] = (byte)(above.IsEmpty ? 1 : 2);
        var left = above.IsEmpty;
        for (var i = 0; i < row.Length; i++)
        {
            filtered[i + 1] = (byte)(row[i] - (left ? (i < 3 ? (byte)0 : row[i - 3]) : above[i]));
        }
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        file.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var octet in data)
        {
            crc = CrcOfByte[(byte)(crc ^ octet)] ^ (crc >> 8);
        }

        return crc;
    }

    private static uint CrcOf(int octet)
    {
        var crc = (uint)octet;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }

        return crc;
    }
}
