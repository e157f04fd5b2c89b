using System.Runtime.InteropServices;

namespace NetVips;

/// <summary>
/// Debian's libvips (libvips42). Its functions of variable arguments end with a null; here they are called with as many as are needed, which is right on
/// Linux, where such functions take their arguments as others do (System V x86-64 and AArch64).
/// </summary>
internal static class Vips
{
    private const string Library = "libvips.so.42";

    static Vips() => Check(Init("PrintCraft"), 1);

    /// <summary>The result, or what libvips says instead of one.</summary>
    public static IntPtr Check(int status, IntPtr result)
    {
        if (status == 0 && result != IntPtr.Zero)
        {
            return result;
        }

        var text = Marshal.PtrToStringUTF8(ErrorBuffer());
        ErrorClear();
        throw new VipsException(text ?? "");
    }

    [DllImport(Library, EntryPoint = "vips_init")]
    private static extern int Init(string name);

    [DllImport(Library, EntryPoint = "vips_error_buffer")]
    private static extern IntPtr ErrorBuffer();

    [DllImport(Library, EntryPoint = "vips_error_clear")]
    private static extern void ErrorClear();

    [DllImport(Library, EntryPoint = "vips_concurrency_set")]
    public static extern void ConcurrencySet(int value);

    [DllImport(Library, EntryPoint = "vips_block_untrusted_set")]
    public static extern void BlockUntrustedSet(bool value);

    [DllImport(Library, EntryPoint = "vips_cache_set_max")]
    public static extern void CacheSetMax(int value);

    [DllImport(Library, EntryPoint = "vips_image_get_width")]
    public static extern int Width(IntPtr image);

    [DllImport(Library, EntryPoint = "vips_image_get_height")]
    public static extern int Height(IntPtr image);

    [DllImport(Library, EntryPoint = "vips_image_new_from_file")]
    public static extern IntPtr NewFromFile(string name, string first, int access, string second, int failOn, IntPtr end);

    [DllImport(Library, EntryPoint = "vips_thumbnail")]
    public static extern int Thumbnail(string name, out IntPtr image, int width, string first, int height, string second, int size, string third, int crop, string fourth, int failOn, string? fifth, string? profile, IntPtr end);

    [DllImport(Library, EntryPoint = "vips_thumbnail_image")]
    public static extern int ThumbnailImage(IntPtr source, out IntPtr image, int width, string first, int height, string second, int size, IntPtr end);

    [DllImport(Library, EntryPoint = "vips_image_copy_memory")]
    public static extern IntPtr CopyMemory(IntPtr image);

    [DllImport(Library, EntryPoint = "vips_image_write_to_buffer")]
    public static extern int WriteToBuffer(IntPtr image, string suffix, out IntPtr buffer, out nuint length, IntPtr end);

    [DllImport(Library, EntryPoint = "g_free")]
    public static extern void Free(IntPtr memory);

    [DllImport(Library, EntryPoint = "g_object_unref")]
    public static extern void Unref(IntPtr instance);
}
