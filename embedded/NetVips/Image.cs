using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

// Upstream's signatures, of which only what PrintCraft says is heeded.
#pragma warning disable IDE0060

namespace NetVips;

/// <summary>A picture of libvips. Nothing is decoded before it is written somewhere.</summary>
public class Image : SafeHandleZeroOrMinusOneIsInvalid
{
    internal Image(IntPtr handle) : base(ownsHandle: true) => SetHandle(handle);

    public int Width => Vips.Width(handle);

    public int Height => Vips.Height(handle);

    public static Image NewFromFile(
        string vipsFilename, bool? memory = null, Enums.Access? access = null, Enums.FailOn? failOn = null, bool? revalidate = null, VOption? kwargs = null) =>
        new(Vips.Check(0, Vips.NewFromFile(vipsFilename, "access", (int)(access ?? default), "fail_on", (int)(failOn ?? default), IntPtr.Zero)));

    public static Image Thumbnail(
        string filename, int width, int? height = null, Enums.Size? size = null, bool? noRotate = null, Enums.Interesting? crop = null, bool? linear = null,
        string? inputProfile = null, string? outputProfile = null, Enums.Intent? intent = null, Enums.FailOn? failOn = null)
        => new(Vips.Check(Vips.Thumbnail(
            filename, out var image, width, "height", height ?? width, "size", (int)(size ?? default), "crop", (int)(crop ?? default), "fail_on", (int)(failOn ?? default),
            outputProfile is null ? null : "export_profile", outputProfile, IntPtr.Zero), image));

    public Image ThumbnailImage(
        int width, int? height = null, Enums.Size? size = null, bool? noRotate = null, Enums.Interesting? crop = null, bool? linear = null,
        string? inputProfile = null, string? outputProfile = null, Enums.Intent? intent = null, Enums.FailOn? failOn = null)
        => new(Vips.Check(Vips.ThumbnailImage(handle, out var image, width, "height", height ?? width, "size", (int)(size ?? default), IntPtr.Zero), image));

    public Image CopyMemory() => new(Vips.Check(0, Vips.CopyMemory(handle)));

    public byte[] WriteToBuffer(string formatString, VOption? kwargs = null)
    {
        Vips.Check(Vips.WriteToBuffer(handle, formatString, out var buffer, out var length, IntPtr.Zero), buffer);
        var bytes = new byte[(int)length];
        Marshal.Copy(buffer, bytes, 0, bytes.Length);
        Vips.Free(buffer);
        return bytes;
    }

    protected override bool ReleaseHandle()
    {
        Vips.Unref(handle);
        return true;
    }
}
