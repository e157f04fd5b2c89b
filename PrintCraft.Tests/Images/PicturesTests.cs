using System.Text;

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using NetVips;

using PrintCraft.Core.Images;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Images;

/// <summary>What is made of pictures, and of files that only look like some.</summary>
public sealed class PicturesTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "taken-at-48.8584N-2.2945E";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("printcraft-pictures-");
    private readonly Pictures _pictures = new(Options.Create(new PictureOptions { MaxPixels = 4_000_000 }), NullLogger<Pictures>.Instance);

    /// <summary>The graph brings the library, as it brings the servers.</summary>
    public Task InitializeAsync() => PrintCraftApp.GetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _pictures.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_clean_picture_has_the_pixels_and_nothing_else_of_a_png()
    {
        var file = TestPng.Whole(300, 200);
        var at = TestPng.Signature.Length + 25;
        byte[] marked = [.. file[..at], .. TestPng.Chunk("tEXt", Encoding.ASCII.GetBytes($"Comment\0{Secret}")), .. TestPng.Chunk("eXIf", Encoding.ASCII.GetBytes($"MM\0*{Secret}")), .. file[at..]];

        var clean = await CleanAsync(marked);

        Assert.Equal((null, 300, 200), (clean.Problem, clean.Width, clean.Height));
        AssertBareWebp(clean.Content);
    }

    [Fact]
    public async Task A_clean_picture_stands_upright_and_knows_no_place_where_it_was_taken()
    {
        var clean = await CleanAsync(TestJpeg.WithExif(TestJpeg.Whole(320, 160), orientation: 6, Secret));

        Assert.Equal((null, 160, 320), (clean.Problem, clean.Width, clean.Height));
        AssertBareWebp(clean.Content);
    }

    [Fact]
    public async Task What_follows_the_end_of_a_picture_is_not_in_the_clean_one()
    {
        var clean = await CleanAsync([.. TestPng.Whole(64, 64), .. "PK\u0003\u0004"u8, .. Encoding.ASCII.GetBytes($"<script>{Secret}</script>")]);

        Assert.Null(clean.Problem);
        AssertBareWebp(clean.Content);
    }

    [Theory]
    [InlineData(8, 6)]
    [InlineData(16, 6)]
    [InlineData(16, 0)]
    [InlineData(8, 4)]
    public async Task Every_depth_and_an_alpha_channel_become_a_usual_picture(byte depth, byte color)
    {
        var channels = color switch { 6 => 4, 4 => 2, _ => 1 };
        var clean = await CleanAsync(TestPng.WithPixels(TestPng.Header(40, 30, depth, color), 30 * (1 + (40L * channels * depth / 8))));

        Assert.Equal((null, 40, 30), (clean.Problem, clean.Width, clean.Height));
        AssertBareWebp(clean.Content);
    }

    [Fact]
    public async Task A_large_picture_is_made_smaller_and_a_clean_one_can_be_cleaned_again()
    {
        using var small = new Pictures(Options.Create(new PictureOptions { MaxSide = 256 }), NullLogger<Pictures>.Instance);
        var path = Write(TestPng.Whole(600, 300));

        var clean = await small.CleanAsync(path, None);

        Assert.Equal((256, 128), (clean.Width, clean.Height));
        var again = await CleanAsync(clean.Content);
        Assert.Equal((null, 256, 128), (again.Problem, again.Width, again.Height));
    }

    [Fact]
    public async Task A_decompression_bomb_is_refused_by_its_header()
    {
        // 60,000 × 60,000 pixels of zeroes would be 10 GB.
        var bomb = TestPng.WithPixels(TestPng.Header(60_000, 60_000), 20_000_000);
        var before = GC.GetTotalAllocatedBytes();

        var clean = await CleanAsync(bomb);

        Assert.Contains("60000 × 60000 pixels", clean.Problem, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 20_000_000);
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "cut png", "damaged" },
        { "cut jpeg", "damaged" },
        { "png with too few pixels", "damaged" },
        { "only a signature", "damaged" },
        { "jpeg start and then a pdf", "damaged" },
        { "gif", "is not image/png" },
        { "svg", "is not image/png" },
        { "pdf", "is not image/png" },
        { "tiff", "is not image/png" },
        { "nothing", "is not image/png" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_whole_picture_of_a_known_format_is_refused(string what, string problem)
    {
        var (png, jpeg) = (TestPng.Whole(64, 64), TestJpeg.Whole(64, 64));
        byte[] file = what switch
        {
            "cut png" => png[..(png.Length / 2)],
            "cut jpeg" => jpeg[..(jpeg.Length / 2)],
            "png with too few pixels" => TestPng.WithPixels(TestPng.Header(1000, 1000), 1000),
            "only a signature" => TestPng.Signature,
            "jpeg start and then a pdf" => [0xff, 0xd8, 0xff, .. "%PDF-1.7 1 0 obj"u8],
            "gif" => [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0, 0x3b],
            "svg" => Encoding.ASCII.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"),
            "pdf" => Encoding.ASCII.GetBytes("%PDF-1.7\n1 0 obj"),
            "tiff" => [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0],
            _ => [],
        };

        var clean = await CleanAsync(file);

        Assert.StartsWith(problem, clean.Problem?.Replace("is damaged or cut short", "damaged", StringComparison.Ordinal) ?? "(taken)", StringComparison.Ordinal);
        Assert.Empty(clean.Content);
    }

    [Theory]
    [InlineData(1024, 768, 256, 192, 1024, 768)]
    [InlineData(2048, 2048, 256, 256, 1024, 1024)]
    [InlineData(200, 120, 200, 120, 200, 120)]
    public async Task Thumbnail_and_preview_fit_their_sides_and_are_never_larger_than_the_image(int width, int height, int thumbWidth, int thumbHeight, int previewWidth, int previewHeight)
    {
        var made = await Pictures.ThumbnailsAsync(Write(TestPng.Whole(width, height)), None);

        AssertBareWebp(made.Thumbnail);
        Assert.Equal(PictureFormat.Jpeg, PictureFormats.Of(made.Preview));
        Assert.Equal((thumbWidth, thumbHeight), SizeOf(made.Thumbnail));
        Assert.Equal((previewWidth, previewHeight), SizeOf(made.Preview));
    }

    [Fact]
    public async Task A_reference_has_exactly_the_size_of_the_order_and_is_the_same_each_time()
    {
        var path = Write((await CleanAsync(TestPng.Whole(300, 200))).Content);

        var reference = await _pictures.ReferenceAsync(path, 1024, 512, None);

        Assert.Equal((1024, 512), SizeOf(reference!));
        Assert.Equal(PictureFormat.Jpeg, PictureFormats.Of(reference));
        Assert.Equal(reference, await _pictures.ReferenceAsync(path, 1024, 512, None));
    }

    [Fact]
    public async Task A_reference_that_hardly_compresses_loses_quality_until_it_can_be_sent()
    {
        var path = Write((await CleanAsync(TestPng.Whole(1024, 1024))).Content);

        var reference = await _pictures.ReferenceAsync(path, 1024, 1024, None);

        Assert.InRange(reference!.Length, 1, 760_000);
        Assert.Equal((1024, 1024), SizeOf(reference));
    }

    private static void AssertBareWebp(byte[] content)
    {
        Assert.Equal(PictureFormat.Webp, PictureFormats.Of(content));
        var text = Encoding.Latin1.GetString(content);
        foreach (var word in new[] { Secret, "EXIF", "Exif", "XMP ", "ICCP", "tEXt", "Software", "script" })
        {
            Assert.DoesNotContain(word, text, StringComparison.Ordinal);
        }
    }

    private (int Width, int Height) SizeOf(byte[] content)
    {
        using var image = Image.NewFromFile(Write(content));
        return (image.Width, image.Height);
    }

    private Task<CleanPicture> CleanAsync(byte[] file) => _pictures.CleanAsync(Write(file), None);

    private string Write(byte[] file)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():n}");
        File.WriteAllBytes(path, file);
        return path;
    }
}
