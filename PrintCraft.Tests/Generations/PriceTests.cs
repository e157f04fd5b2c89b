using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class PriceTests
{
    private static readonly ModelCatalog Catalog = new();

    [Theory]
    [InlineData(256, 256, 4)]
    [InlineData(1024, 1024, 4)]
    [InlineData(1032, 1024, 8)]
    [InlineData(512, 2048, 4)]
    [InlineData(1024, 2048, 8)]
    [InlineData(1032, 2048, 16)]
    [InlineData(2048, 2048, 16)]
    public void The_price_doubles_above_one_megapixel_and_again_above_two(int width, int height, int credits)
    {
        Assert.Equal(credits, Price.PerImage(Catalog.Standard, width, height));
    }

    [Theory]
    [InlineData(Quality.Draft, 1)]
    [InlineData(Quality.Standard, 4)]
    [InlineData(Quality.High, 8)]
    public void Each_quality_has_its_price(Quality quality, int credits) => Assert.Equal(credits, Price.PerImage(Catalog.For(quality), 1024, 1024));

    [Fact]
    public void Every_size_of_a_draft_costs_the_same()
    {
        Assert.All(FluxSizes.All, size => Assert.Equal(1, Price.PerImage(Catalog.Draft, size.Width, size.Height)));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(4, 64)]
    public void An_order_costs_the_price_of_an_image_for_each_image(int count, int credits)
    {
        var draft = new GenerationDraft("a red fox", null, null, "high", 1440, 1440, null, count, null, null);

        Assert.True(OrderRules.TryOrder(draft, Catalog, out var order, out _));
        Assert.Equal((16, credits), (order.CreditsPerImage, order.Credits));
    }
}
