using System.Security.Cryptography;
using PrintCraft.ReplicateSimulator.Drawing;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed class DrawingTests
{
    private static readonly string[] Manners =
    [
        "clean, simple, minimal design", "watercolor painting style, artistic", "photorealistic, high detail, 8k",
        "cartoon style, vibrant colors", "",
    ];

    [Theory]
    [InlineData("mountain lake")]
    [InlineData("forest tree")]
    [InlineData("sailing boat on the ocean")]
    [InlineData("city at night")]
    [InlineData("desert balloon")]
    [InlineData("planet in space")]
    [InlineData("spring flowers")]
    [InlineData("cat and moon")]
    [InlineData("birds")]
    [InlineData("")]
    public void Every_place_can_be_drawn_in_every_style(string what) => Assert.All(Manners, manner =>
    {
        var image = PngImage.Read(Picture.Draw($"{what}, {manner}, high quality, professional", 5, 96, 64));

        Assert.Equal((96, 64), (image.Width, image.Height));
        Assert.True(Colours(image) > 40, "A picture has more colours than that.");
    });

    [Fact]
    public void Same_prompt_seed_and_size_give_the_same_bytes() =>
        Assert.Equal(Picture.Draw("a lake", 1, 200, 120), Picture.Draw("a lake", 1, 200, 120));

    [Fact]
    public void Another_seed_gives_another_picture() =>
        Assert.All(Manners, manner => Assert.NotEqual(Pixels(manner, 1), Pixels(manner, 2)));

    [Fact]
    public void Every_style_gives_another_picture() =>
        Assert.Equal(Manners.Length, Manners.Select(manner => Convert.ToHexString(Pixels(manner, 1))).Distinct().Count());

    /// <summary>Pixels are the same on every machine and in every run; whoever changes the drawing changes this line.</summary>
    [Fact]
    public void Pixels_do_not_depend_on_the_machine()
    {
        var pixels = Manners.SelectMany(manner => Pixels(manner, 42)).ToArray();

        Assert.Equal("6D778E0539C80CA0", Convert.ToHexString(SHA256.HashData(pixels))[..16]);
    }

    [Theory]
    [InlineData(256, 2048)]
    [InlineData(2048, 256)]
    [InlineData(8, 8)]
    public void Any_shape_can_be_drawn(int width, int height) => Assert.All(Manners, manner =>
        Assert.Equal(width * height * 3, PngImage.Read(Picture.Draw($"cat, {manner}", 9, width, height)).Rgb.Length));

    private static byte[] Pixels(string manner, long seed) => PngImage.Read(Picture.Draw($"a boat on a lake, {manner}", seed, 128, 96)).Rgb;

    private static int Colours(PngImage image) => image.Rgb.Chunk(3).Select(pixel => (pixel[0], pixel[1], pixel[2])).Distinct().Count();
}
