using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

using NetVips;

namespace PrintCraft.Core.Images;

/// <summary>A small picture for lists, and one for the screen.</summary>
public sealed record Thumbnails(byte[] Thumbnail, byte[] Preview);

/// <summary>A new picture made of somebody's file; or what is wrong with the file.</summary>
public sealed record CleanPicture(byte[] Content, int Width, int Height, string? Problem)
{
    public static CleanPicture Refused(string problem) => new([], 0, 0, problem);
}

/// <summary>
/// Work on pixels, by libvips (docs/decisions/images.md). So many pictures at a time, each on a thread of its own and in one libvips thread; loaders that are
/// not made for hostile files are switched off, nothing is cached. The library is loaded with the first picture: a process at rest does not have it.
/// </summary>
public sealed partial class Pictures(IOptions<PictureOptions> options, ILogger<Pictures> logger) : IDisposable
{
    /// <summary>Pixels; the longer side of a thumbnail.</summary>
    public const int ThumbnailSide = 256;

    /// <summary>Pixels; the longer side of a preview.</summary>
    public const int PreviewSide = 1024;

    /// <summary>Bytes of a reference, so that its data URL stays below the 256 kB that Replicate's API reference advises …</summary>
    private const int WantedReference = 190_000;

    /// <summary>… or, for what cannot be made smaller, below the 1 MB of its guide to input files.</summary>
    private const int MaxReference = 760_000;

    private static readonly int[] Qualities = [90, 75, 60, 45, 30];

    private static readonly Lazy<bool> Library = new(Prepare);

    private readonly SemaphoreSlim _places = new(options.Value.Parallel);

    /// <summary>Of a picture of ours. The thumbnail is WebP, the preview JPEG: at that size it costs a fifth of the time.</summary>
    /// <exception cref="VipsException">It cannot be decoded.</exception>
    public static Task<Thumbnails> ThumbnailsAsync(string path, CancellationToken cancellationToken) => OnThreadAsync(
        () =>
        {
            // No place either: nobody who waits for a picture is to stand behind a thread that gives way.
            QuietThread.Begin();
            using var loaded = Image.Thumbnail(path, PreviewSide, height: PreviewSide, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
            using var preview = loaded.CopyMemory();
            using var thumbnail = preview.ThumbnailImage(ThumbnailSide, height: ThumbnailSide, size: Enums.Size.Down);
            return new Thumbnails(WebpFile.Bare(thumbnail.WriteToBuffer(".webp[Q=80,effort=2,strip]")), preview.WriteToBuffer(".jpg[Q=80,strip,background=255]"));
        },
        cancellationToken);

    /// <summary>
    /// Makes a new picture of a file that somebody sent: upright, sRGB, the first frame, no larger than it may be, WebP with nothing but pixels in it. What the
    /// file says of itself is believed only after its first bytes and its header were looked at.
    /// </summary>
    public Task<CleanPicture> CleanAsync(string path, CancellationToken cancellationToken) => InPlaceAsync(() => Clean(path), cancellationToken);

    /// <summary>A kept upload as a JPEG of exactly this size, cut around its middle; null when it cannot be made small enough to be sent. The same each time.</summary>
    /// <exception cref="VipsException">It cannot be decoded.</exception>
    public Task<byte[]?> ReferenceAsync(string path, int width, int height, CancellationToken cancellationToken) => InPlaceAsync(
        () =>
        {
            using var loaded = Image.Thumbnail(path, width, height: height, size: Enums.Size.Both, crop: Enums.Interesting.Centre, failOn: Enums.FailOn.Error);
            using var pixels = loaded.CopyMemory();
            byte[] jpeg = [];
            foreach (var quality in Qualities)
            {
                jpeg = pixels.WriteToBuffer($".jpg[Q={quality},strip,background=255]");
                if (jpeg.Length <= WantedReference)
                {
                    break;
                }
            }

            return jpeg.Length <= MaxReference ? jpeg : null;
        },
        cancellationToken);

    public void Dispose() => _places.Dispose();

    private CleanPicture Clean(string path)
    {
        Span<byte> start = stackalloc byte[PictureFormats.MagicLength];
        using (var file = File.OpenRead(path))
        {
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        if (PictureFormats.Of(start) is null)
        {
            return CleanPicture.Refused($"is not {PictureFormats.Rule}");
        }

        try
        {
            using (var header = Image.NewFromFile(path, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error))
            {
                if ((long)header.Width * header.Height > options.Value.MaxPixels)
                {
                    return CleanPicture.Refused($"has {header.Width} × {header.Height} pixels; at most {options.Value.MaxPixels} are taken");
                }
            }

            var side = options.Value.MaxSide;
            using var picture = Image.Thumbnail(path, side, height: side, size: Enums.Size.Down, outputProfile: "srgb", failOn: Enums.FailOn.Error);
            return new CleanPicture(WebpFile.Bare(picture.WriteToBuffer(".webp[Q=90,effort=1,strip]")), picture.Width, picture.Height, null);
        }
        catch (VipsException exception)
        {
            // What libvips says is about its insides: nothing for callers.
            NotDecoded(logger, exception.Message.ReplaceLineEndings(" "));
            return CleanPicture.Refused("is damaged or cut short");
        }
    }

    /// <summary>Decoding blocks its thread for tens of milliseconds: the pool's are for those who do not.</summary>
    private async Task<T> InPlaceAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await OnThreadAsync(work, CancellationToken.None);
        }
        finally
        {
            _places.Release();
        }
    }

    private static Task<T> OnThreadAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Library.Value ? work() : default!, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [LoggerMessage(LogLevel.Information, "A file cannot be decoded: {Reason}")]
    private static partial void NotDecoded(ILogger logger, string reason);

    private static bool Prepare()
    {
        NetVips.NetVips.BlockUntrusted = true;
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        return true;
    }
}
