using System.Buffers.Binary;
using System.Text;

using NetVips;

namespace PrintCraft.Tests.Images;

/// <summary>JPEG files, right ones and wrong ones.</summary>
internal static class TestJpeg
{
    /// <summary>A whole one.</summary>
    public static byte[] Whole(int width, int height)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestPng.Whole(width, height));
            using var image = Image.NewFromFile(path);
            return image.WriteToBuffer(".jpg[Q=90]");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>With an EXIF block that says how it is to be turned, where it was taken, and a comment.</summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation, string secret)
    {
        // TIFF header, one directory: orientation (0x0112) and image description (0x010e), which lies behind it.
        var text = Encoding.ASCII.GetBytes(secret + "\0");
        byte[] tiff = [.. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 2, 0x01, 0x0e, 0, 2, .. Int(text.Length), .. Int(38), 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, .. text];
        return [.. jpeg[..2], .. Segment(0xe1, [.. "Exif\0\0"u8, .. tiff]), .. Segment(0xfe, Encoding.ASCII.GetBytes(secret)), .. jpeg[2..]];
    }

    private static byte[] Segment(byte marker, byte[] data) => [0xff, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
