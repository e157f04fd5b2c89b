using System.Buffers.Binary;

namespace PrintCraft.Core.Images;

/// <summary>
/// Takes everything out of a WebP but its pixels: some versions of libvips (8.14.1, Debian 12) write EXIF whatever they are told. So it does not depend on
/// the library what a picture says of the person who sent it. Source: https://developers.google.com/speed/webp/docs/riff_container.
/// </summary>
public static class WebpFile
{
    private const int RiffHeader = 12;
    private const int ChunkHeader = 8;

    /// <summary>Of VP8X, whose first byte says what follows: only that there is transparency.</summary>
    private const byte AlphaFlag = 0x10;

    /// <param name="file">A whole one, as it was just written.</param>
    public static byte[] Bare(ReadOnlySpan<byte> file)
    {
        var bare = new List<byte>(file.Length);
        bare.AddRange(file[..RiffHeader]);
        for (var at = RiffHeader; at + ChunkHeader <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(file[(at + 4)..]);
            var end = Math.Min(at + ChunkHeader + length + (length & 1), file.Length);
            var type = file.Slice(at, 4);
            if (type.SequenceEqual("VP8X"u8) || type.SequenceEqual("ALPH"u8) || type.SequenceEqual("VP8 "u8) || type.SequenceEqual("VP8L"u8))
            {
                var from = bare.Count;
                bare.AddRange(file[at..end]);
                if (type.SequenceEqual("VP8X"u8))
                {
                    bare[from + ChunkHeader] &= AlphaFlag;
                }
            }

            at = end;
        }

        byte[] result = [.. bare];
        BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(4), result.Length - ChunkHeader);
        return result;
    }
}
