using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class StylesTests
{
    [Theory]
    [InlineData("none", "a fox, high quality, professional")]
    [InlineData("minimalist", "a fox, clean, simple, minimal design, high quality, professional")]
    [InlineData("watercolor", "a fox, watercolor painting style, artistic, high quality, professional")]
    [InlineData("photorealistic", "a fox, photorealistic, high detail, 8k, high quality, professional")]
    [InlineData("cartoon", "a fox, cartoon style, vibrant colors, high quality, professional")]
    public void Each_style_adds_its_phrase(string style, string enhanced) => Assert.Equal(enhanced, Styles.Enhance("a fox", style));
}
