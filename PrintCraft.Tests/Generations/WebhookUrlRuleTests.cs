using PrintCraft.Core.Generations;

using static PrintCraft.Tests.Generations.Orders;

namespace PrintCraft.Tests.Generations;

public sealed class WebhookUrlRuleTests
{
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
}
