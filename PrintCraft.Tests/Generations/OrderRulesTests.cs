using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class OrderRulesTests
{
    private const string PromptRule = "must be 1 to 2000 characters of text";
    private const string NegativePromptRule = "must be text of at most 2000 characters";
    private const string StyleRule = "must be one of none, minimalist, watercolor, photorealistic, cartoon";
    private const string QualityRule = "must be one of draft, standard, high";
    private const string SideRule = "must be from 256 to 2048 and a multiple of 8";
    private const string SeedRule = "must be a whole number from 0 to 2147483644";
    private const string CountRule = "must be from 1 to 4";
    private const string WebhookUrlRule = "must be an absolute http or https address of at most 2000 characters on a public host and port 80 or 443, without user name or fragment";

    private static readonly ModelCatalog Catalog = new();
    private static readonly GenerationDraft Least = new("a red fox", null, null, null, null, null, null, null, null, null);

    [Fact]
    public void A_prompt_alone_is_an_order_with_every_default()
    {
        Assert.Equal(
            new GenerationOrder("a red fox", "blurry, low quality, watermark, text", "none", Quality.Standard, Catalog.Standard, 1024, 1024, null, 1, "png", null),
            Order(Least));
    }

    [Fact]
    public void Everything_that_was_said_stands_in_the_order()
    {
        var draft = new GenerationDraft("a red fox", "hands", "cartoon", "high", 1440, 256, 7, 4, "png", "https://shop.example/hook?a=b");

        Assert.Equal(
            new GenerationOrder("a red fox", "hands", "cartoon", Quality.High, Catalog.High, 1440, 256, 7, 4, "png", "https://shop.example/hook?a=b"),
            Order(draft));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_in_the_order_of_the_fields()
    {
        var draft = new GenerationDraft("", new string('x', 2001), "oil", "best", 255, 2049, -1, 5, "gif", "shop.example");

        AssertRefused(
            draft,
            new("prompt", PromptRule),
            new("negativePrompt", NegativePromptRule),
            new("style", StyleRule),
            new("options.quality", QualityRule),
            new("options.width", SideRule),
            new("options.height", SideRule),
            new("options.seed", SeedRule),
            new("options.count", CountRule),
            new("options.outputFormat", "must be png"),
            new("webhookUrl", WebhookUrlRule));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n ")]
    public void A_prompt_without_text_is_refused(string? prompt) => AssertRefused(Least with { Prompt = prompt }, new FieldError("prompt", PromptRule));

    [Fact]
    public void A_prompt_has_at_most_2000_characters_without_the_blanks_around_it()
    {
        var longest = new string('x', 2000);

        Assert.Equal(longest, Order(Least with { Prompt = $" {longest}\n" }).Prompt);
        AssertRefused(Least with { Prompt = longest + "x" }, new FieldError("prompt", PromptRule));
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('\a')]
    [InlineData('\u001b')]
    [InlineData('\u007f')]
    [InlineData('\u0085')]
    public void Control_characters_are_refused_in_both_prompts(char control)
    {
        AssertRefused(
            Least with { Prompt = $"a red{control}fox", NegativePrompt = $"no{control}text" },
            new("prompt", PromptRule),
            new("negativePrompt", NegativePromptRule));
    }

    [Fact]
    public void Lines_and_tabs_and_every_script_are_text()
    {
        const string text = "a\tred\r\nfox: 狐狸 🦊 ثعلب";

        var order = Order(Least with { Prompt = text, NegativePrompt = text });

        Assert.Equal((text, text), (order.Prompt, order.NegativePrompt));
    }

    [Fact]
    public void An_empty_negative_prompt_means_none()
    {
        Assert.Equal("", Order(Least with { NegativePrompt = "" }).NegativePrompt);
    }

    [Fact]
    public void A_negative_prompt_has_at_most_2000_characters()
    {
        var longest = new string('x', 2000);

        Assert.Equal(longest, Order(Least with { NegativePrompt = longest }).NegativePrompt);
        AssertRefused(Least with { NegativePrompt = longest + "x" }, new FieldError("negativePrompt", NegativePromptRule));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("minimalist")]
    [InlineData("watercolor")]
    [InlineData("photorealistic")]
    [InlineData("cartoon")]
    public void Every_style_of_the_list_is_taken(string style) => Assert.Equal(style, Order(Least with { Style = style }).Style);

    [Theory]
    [InlineData("")]
    [InlineData("Watercolor")]
    [InlineData("oil")]
    public void A_style_that_is_not_in_the_list_is_refused(string style) => AssertRefused(Least with { Style = style }, new FieldError("style", StyleRule));

    [Fact]
    public void Each_quality_has_its_model()
    {
        Assert.Same(Catalog.Draft, Order(Least with { Quality = "draft" }).Model);
        Assert.Same(Catalog.Standard, Order(Least with { Quality = "standard" }).Model);
        Assert.Same(Catalog.High, Order(Least with { Quality = "high" }).Model);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Draft")]
    [InlineData("0")]
    public void A_quality_that_is_not_in_the_list_is_refused(string quality) =>
        AssertRefused(Least with { Quality = quality }, new FieldError("options.quality", QualityRule));

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

    [Theory]
    [InlineData(-1)]
    [InlineData(2147483645)]
    [InlineData(long.MaxValue)]
    public void A_seed_out_of_range_is_refused(long seed) => AssertRefused(Least with { Seed = seed }, new FieldError("options.seed", SeedRule));

    [Fact]
    public void The_seed_of_the_last_image_of_the_largest_order_fits_31_bits()
    {
        var order = Order(Least with { Seed = OrderRules.MaxSeed, Count = OrderRules.MaxCount });

        Assert.Equal(int.MaxValue, order.Seed + order.Count - 1);
        Assert.Equal(0, Order(Least with { Seed = 0 }).Seed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(5)]
    public void A_count_out_of_range_is_refused(int count) => AssertRefused(Least with { Count = count }, new FieldError("options.count", CountRule));

    [Theory]
    [InlineData("")]
    [InlineData("PNG")]
    [InlineData("webp")]
    public void Only_png_is_made(string format) => AssertRefused(Least with { OutputFormat = format }, new FieldError("options.outputFormat", "must be png"));

    [Theory]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example/hook?order=1&secret=a%20b")]
    [InlineData("https://shop.example:443/")]
    public void A_web_address_is_taken_as_it_is(string url) => Assert.Equal(url, Order(Least with { WebhookUrl = url }).WebhookUrl);

    [Theory]
    [InlineData("")]
    [InlineData("shop.example")]
    [InlineData("/hook")]
    [InlineData("//shop.example/hook")]
    [InlineData("https://")]
    [InlineData("ftp://shop.example/hook")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://me@shop.example/")]
    [InlineData("https://me:secret@shop.example/")]
    [InlineData("https://shop.example/#part")]
    [InlineData("https://127.0.0.1/")]
    public void What_is_no_plain_web_address_is_refused(string url) => AssertRefused(Least with { WebhookUrl = url }, new FieldError("webhookUrl", WebhookUrlRule));

    [Theory]
    [InlineData('\0')]
    [InlineData('\n')]
    [InlineData('\u001b')]
    [InlineData(' ')]
    public void A_web_address_with_control_characters_or_blanks_is_refused(char character)
    {
        AssertRefused(Least with { WebhookUrl = $"https://shop.example/a{character}b" }, new FieldError("webhookUrl", WebhookUrlRule));
        AssertRefused(Least with { WebhookUrl = $"{character}https://shop.example/" }, new FieldError("webhookUrl", WebhookUrlRule));
    }

    [Fact]
    public void A_web_address_has_at_most_2000_characters()
    {
        var longest = "https://shop.example/".PadRight(2000, 'x');

        Assert.Equal(longest, Order(Least with { WebhookUrl = longest }).WebhookUrl);
        AssertRefused(Least with { WebhookUrl = longest + "x" }, new FieldError("webhookUrl", WebhookUrlRule));
    }

    private static GenerationOrder Order(GenerationDraft draft)
    {
        var isOrder = OrderRules.TryOrder(draft, Catalog, out var order, out var errors);

        Assert.Empty(errors);
        Assert.True(isOrder);
        return order!;
    }

    private static void AssertRefused(GenerationDraft draft, params FieldError[] expected)
    {
        Assert.False(OrderRules.TryOrder(draft, Catalog, out var order, out var errors));
        Assert.Null(order);
        Assert.Equal(expected, errors);
    }
}
