using PrintCraft.Core.Generations;

using static PrintCraft.Tests.Generations.Orders;

namespace PrintCraft.Tests.Generations;

public sealed class OrderSizeTests
{
    [Theory]
    [InlineData(256, 256)]
    [InlineData(2048, 2048)]
    [InlineData(1032, 776)]
    public void Standard_makes_every_multiple_of_8_from_256_to_2048(int width, int height)
    {
        var order = Order(Least with { Width = width, Height = height });

        Assert.Equal((width, height), (order.Width, order.Height));
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1024)]
    [InlineData(0)]
    [InlineData(248)]
    [InlineData(1020)]
    [InlineData(2056)]
    [InlineData(int.MaxValue)]
    public void A_side_that_no_model_makes_is_refused_by_its_name(int side)
    {
        AssertRefused(Least with { Width = side }, new FieldError("options.width", SideRule));
        AssertRefused(Least with { Height = side }, new FieldError("options.height", SideRule));
    }

    [Fact]
    public void A_size_the_model_cannot_make_is_refused_on_both_sides()
    {
        const string message = "1024×1016 is not a size of black-forest-labs/flux-schnell; it makes "
            + "1024×1024, 1344×768, 1536×640, 1216×832, 832×1216, 896×1088, 1088×896, 896×1152, 1152×896, 768×1344, 640×1536, "
            + "512×512, 672×384, 768×320, 608×416, 416×608, 448×544, 544×448, 448×576, 576×448, 384×672, 320×768";

        AssertRefused(
            Least with { Quality = "draft", Width = 1024, Height = 1016 },
            new("options.width", message),
            new("options.height", message));
    }

    [Fact]
    public void Draft_makes_every_size_of_its_table()
    {
        Assert.All(FluxSizes.All, size => Order(Least with { Quality = "draft", Width = size.Width, Height = size.Height }));
    }

    [Theory]
    [InlineData(256)]
    [InlineData(1440)]
    [InlineData(992)]
    public void High_makes_steps_of_32_from_256_to_1440(int side)
    {
        var order = Order(Least with { Quality = "high", Width = side, Height = side });

        Assert.Equal((side, side), (order.Width, order.Height));
    }

    [Theory]
    [InlineData(264)]
    [InlineData(1000)]
    [InlineData(1008)]
    [InlineData(1448)]
    [InlineData(1472)]
    public void High_refuses_each_side_it_cannot_make(int side)
    {
        const string message = "must be from 256 to 1440 and a multiple of 32 for black-forest-labs/flux-1.1-pro";
        var high = Least with { Quality = "high" };

        AssertRefused(high with { Width = side }, new FieldError("options.width", message));
        AssertRefused(high with { Height = side }, new FieldError("options.height", message));
        AssertRefused(high with { Width = side, Height = side }, new("options.width", message), new("options.height", message));
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("standard")]
    [InlineData("high")]
    public void Every_quality_makes_the_default_size(string quality)
    {
        var order = Order(Least with { Quality = quality });

        Assert.Equal((1024, 1024), (order.Width, order.Height));
    }
}
