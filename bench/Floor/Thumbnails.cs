using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;

using NetVips;

using PrintCraft.Core.Images;

namespace Floor;

/// <summary>CPU of thumbnail and preview, as the worker makes them: the process's time over many, all threads.</summary>
internal static class ThumbnailCost
{
    public static async Task MeasureAsync(int count, IEnumerable<string> files)
    {
        var noise = Path.Combine(Path.GetTempPath(), $"printcraft-noise-{Environment.ProcessId}.png");
        await File.WriteAllBytesAsync(noise, Noise(1024));
        try
        {
            foreach (var file in files.Append(noise))
            {
                var made = await Pictures.ThumbnailsAsync(file, CancellationToken.None);
                var both = await CostAsync(count, () => Pictures.ThumbnailsAsync(file, CancellationToken.None));
                var alone = await CostAsync(count, () => Task.FromResult(ThumbnailAlone(file)));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Path.GetFileName(file),-28} {new FileInfo(file).Length,9} bytes  thumbnail {made.Thumbnail.Length,6}, preview {made.Preview.Length,7}  CPU {both:0.0} ms, thumbnail alone {alone:0.0} ms"));
            }
        }
        finally
        {
            File.Delete(noise);
        }
    }

    /// <summary>Milliseconds of each, all threads.</summary>
    private static async Task<double> CostAsync(int count, Func<Task> make)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var made = 0; made < count; made++)
        {
            await make();
        }

        process.Refresh();
        return (process.TotalProcessorTime - before).TotalMilliseconds / count;
    }

    /// <summary>What a worker would do that made no preview.</summary>
    private static byte[] ThumbnailAlone(string file)
    {
        using var thumbnail = Image.Thumbnail(file, Pictures.ThumbnailSide, height: Pictures.ThumbnailSide, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
        return thumbnail.WriteToBuffer(".webp[Q=80,effort=2,strip]");
    }

    /// <summary>Nothing in it compresses.</summary>
    private static byte[] Noise(int side)
    {
        var rows = new byte[side * ((side * 3) + 1)];
        new Random(1).NextBytes(rows);
        for (var row = 0; row < side; row++)
        {
            rows[row * ((side * 3) + 1)] = 0;
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        var crc = uint.MaxValue;
        foreach (var value in chunk.AsSpan(4, data.Length + 4))
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), ~crc);
        return chunk;
    }
}
