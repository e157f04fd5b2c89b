using PrintCraft.Core.Images;

using static PrintCraft.Tests.Images.TestPng;

namespace PrintCraft.Tests.Images;

public sealed class PngFileTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(33, 17)]
    [InlineData(512, 256)]
    public void A_whole_picture_passes_with_its_size(int width, int height) => Assert.Equal((width, height, null), PngFile.Inspect(Whole(width, height)));

    /// <summary>A checked-in file that this code did not write: the smallest PNG that browsers show, 1×1, RGBA.</summary>
    [Fact]
    public void A_picture_of_another_writer_passes()
    {
        var file = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

        Assert.Equal((1, 1, null), PngFile.Inspect(file));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 2, 1)]
    [InlineData(0, 16, 6)]
    [InlineData(2, 8, 9)]
    [InlineData(2, 16, 18)]
    [InlineData(4, 8, 6)]
    [InlineData(4, 16, 12)]
    [InlineData(6, 8, 12)]
    [InlineData(6, 16, 24)]
    public void Every_kind_of_pixel_passes(byte color, byte depth, int rowBytes)
    {
        var header = Header(3, 5, depth, color);

        Assert.Equal((3, 5, null), PngFile.Inspect(WithPixels(header, 5 * (rowBytes + 1))));
    }

    [Fact]
    public void A_picture_that_is_cut_anywhere_is_refused()
    {
        var file = Whole(16, 16);

        Assert.All(Enumerable.Range(0, file.Length), length => AssertRefused(file[..length]));
    }

    [Fact]
    public void A_picture_with_one_changed_byte_anywhere_is_refused()
    {
        var file = Whole(16, 16);

        Assert.All(Enumerable.Range(0, file.Length), at =>
        {
            var changed = (byte[])file.Clone();
            foreach (var mask in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                changed[at] = (byte)(file[at] ^ mask);
                AssertRefused(changed);
            }
        });
    }

    [Fact]
    public void A_picture_without_one_of_its_chunks_is_refused()
    {
        byte[] header = Header(4, 4), data = Chunk("IDAT", Deflate(new byte[4 * 13]));

        Assert.Null(PngFile.Inspect([.. Signature, .. header, .. data, .. End]).Problem);
        AssertRefused([.. Signature, .. data, .. End]);
        AssertRefused([.. Signature, .. header, .. End]);
        AssertRefused([.. Signature, .. header, .. data]);
        AssertRefused([.. Signature, .. End]);
        AssertRefused([.. Signature, .. data, .. header, .. End]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("PNG")]
    [InlineData("<html><body>Not found</body></html>")]
    [InlineData("{\"detail\":\"not found\"}")]
    [InlineData("GIF89a")]
    public void What_is_no_PNG_is_refused(string text) => AssertRefused(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Other_image_types_are_refused()
    {
        byte[] jpeg = [0xff, 0xd8, 0xff, 0xe0], webp = [.. "RIFF\0\0\0\0WEBP"u8];

        AssertRefused([.. jpeg, .. Whole(4, 4)]);
        AssertRefused([.. webp, .. Whole(4, 4)]);
    }

    [Theory]
    [InlineData(65535, 1)]
    [InlineData(4096, 4096)]
    public void A_header_that_promises_more_than_the_data_can_hold_is_refused(int width, int height)
    {
        const int pixelsOf8By8 = 8 * ((8 * 3) + 1);

        Assert.Null(PngFile.Inspect(WithPixels(Header(8, 8), pixelsOf8By8)).Problem);
        Assert.Equal("pixels are missing", PngFile.Inspect(WithPixels(Header(width, height), pixelsOf8By8)).Problem);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(8, 0)]
    [InlineData(-1, 8)]
    [InlineData(8, int.MinValue)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void A_header_with_an_impossible_size_is_refused(int width, int height) => AssertRefused(WithPixels(Header(width, height), 200));

    [Fact]
    public void More_than_64_megapixels_are_refused_whatever_the_file_holds()
    {
        const int side = 8192, rowBytes = side / 8;

        Assert.Null(PngFile.Inspect(WithPixels(Header(side, side, depth: 1, color: Gray), side * (rowBytes + 1L))).Problem);
        AssertRefused(WithPixels(Header(side, side + 1, depth: 1, color: Gray), (side + 1) * (rowBytes + 1L)));
    }

    [Fact]
    public void An_interlaced_picture_is_refused() => AssertRefused(WithPixels(Header(8, 8, interlace: 1), 8 * 25));

    /// <summary>Source: PNG specification, table 11.1 and 11.2.1.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    [InlineData(4, 4)]
    [InlineData(6, 2)]
    [InlineData(1, 8)]
    [InlineData(5, 8)]
    [InlineData(7, 8)]
    [InlineData(0, 3)]
    [InlineData(0, 32)]
    public void Colour_and_depth_that_the_format_does_not_have_are_refused(byte color, byte depth)
    {
        Assert.All(
            Enumerable.Range(1, 24),
            rowBytes => AssertRefused(WithPixels(Header(3, 5, depth, color), 5 * (rowBytes + 1))));
    }

    [Fact]
    public void Compression_and_filter_that_the_format_does_not_have_are_refused()
    {
        AssertRefused(WithPixels(Header(8, 8, compression: 1), 8 * 25));
        AssertRefused(WithPixels(Header(8, 8, filter: 1), 8 * 25));
    }

    [Fact]
    public void Pixel_data_that_is_not_compressed_data_is_refused()
    {
        AssertRefused([.. Signature, .. Header(8, 8), .. Chunk("IDAT", new byte[200]), .. End]);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(256)]
    public void A_bomb_is_refused_and_not_unpacked(int side)
    {
        const int megabyte = 1024 * 1024;
        var data = Deflate(new byte[220 * megabyte]);
        byte[] bomb = [.. Signature, .. Header(side, side), .. Chunk("IDAT", data), .. End];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("it holds more pixels than its header says", PngFile.Inspect(bomb).Problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, megabyte);
    }

    [Fact]
    public void Noise_that_cannot_be_made_smaller_passes()
    {
        var noise = new byte[256 * ((256 * 3) + 1)];
        new Random(1).NextBytes(noise);

        Assert.Null(PngFile.Inspect([.. Signature, .. Header(256, 256), .. Chunk("IDAT", Deflate(noise)), .. End]).Problem);
    }

    private static void AssertRefused(byte[] file) => Assert.NotNull(PngFile.Inspect(file).Problem);
}
