using PrintCraft.Core.Generations;

using static PrintCraft.Tests.Generations.Orders;

namespace PrintCraft.Tests.Generations;

public sealed class OrderRulesTests
{
    private const string PromptRule = "must be 1 to 2000 characters of text";
    private const string NegativePromptRule = "must be text of at most 2000 characters";
    private const string StyleRule = "must be one of none, minimalist, watercolor, photorealistic, cartoon";
    private const string QualityRule = "must be one of draft, standard, high";
    private const string SeedRule = "must be a whole number from 0 to 2147483644";
    private const string CountRule = "must be from 1 to 4";
    [Fact]
    public void Lines_and_tabs_and_every_script_are_text()
    {
        const string text = "a\tred\r\nfox: 狐狸 🦊 ثعلب";

        var order = Order(Least with { Prompt = text, NegativePrompt = text });

        Assert.Equal((text, text), (order.Prompt, order.NegativePrompt));
    }

    [Fact]
    public void A_prompt_alone_is_an_order_with_every_default()
    {
        Assert.Equal(
            new GenerationOrder("a red fox", "blurry, low quality, watermark, text", "none", Quality.Standard, Models.Standard, 1024, 1024, null, 1, "png", null),
            Order(Least));
    }

    [Fact]
    public void Everything_that_was_said_stands_in_the_order()
    {
        var draft = new GenerationDraft("a red fox", "hands", "cartoon", "high", 1440, 256, 7, 4, "png", "https://shop.example/hook?a=b");

        Assert.Equal(
            new GenerationOrder("a red fox", "hands", "cartoon", Quality.High, Models.High, 1440, 256, 7, 4, "png", "https://shop.example/hook?a=b"),
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
        Assert.Same(Models.Draft, Order(Least with { Quality = "draft" }).Model);
        Assert.Same(Models.Standard, Order(Least with { Quality = "standard" }).Model);
        Assert.Same(Models.High, Order(Least with { Quality = "high" }).Model);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Draft")]
    [InlineData("0")]
    public void A_quality_that_is_not_in_the_list_is_refused(string quality) =>
        AssertRefused(Least with { Quality = quality }, new FieldError("options.quality", QualityRule));

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
}
