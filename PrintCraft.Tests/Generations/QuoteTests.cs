using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

public sealed class QuoteTests
{
    [Fact]
    public async Task A_quote_tells_the_price_that_the_order_then_has_and_stores_nothing()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var order = new NewGeneration("a pier", Options: new("standard", 2048, 1024, Count: 3));

        var quote = await user.Api.QuoteAsync(order, CancellationToken.None);

        Assert.Equal((24, 8, 3, "stability-ai/sdxl"), (quote.Credits, quote.CreditsPerImage, quote.Count, quote.Model));
        Assert.True(quote.EstimatedTime > 0, $"{quote}");
        Assert.Empty((await user.Api.ListGenerationsAsync(null, null, CancellationToken.None)).Data);
        Assert.Equal(50, (await user.Api.GetCreditsAsync(CancellationToken.None)).Available);
        Assert.Equal(24, (await user.Api.CreateGenerationAsync(order, CancellationToken.None)).Metadata.Cost);
    }

    [Fact]
    public async Task A_quote_is_given_for_what_one_cannot_pay_and_refused_for_what_cannot_be_made()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        Assert.Equal(64, (await user.Api.QuoteAsync(new NewGeneration("a pier", Options: new("standard", 2048, 2048, Count: 4)), CancellationToken.None)).Credits);
        await Answers.RefusedAsync(
            () => user.Api.QuoteAsync(new NewGeneration("a pier", Options: new("draft", 520, 520)), CancellationToken.None), HttpStatusCode.BadRequest, "invalid_request");
    }
}
