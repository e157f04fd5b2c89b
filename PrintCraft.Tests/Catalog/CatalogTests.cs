using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Catalog;

public sealed class CatalogTests
{
    [Fact]
    public async Task The_catalogue_says_what_an_order_costs()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var catalog = await user.Http.GetFromJsonAsync<JsonElement>("/api/v1/catalog");

        Assert.Equal(["none", "minimalist", "watercolor", "photorealistic", "cartoon"], catalog.GetProperty("styles").EnumerateArray().Select(style => style.GetProperty("name").GetString()));
        Assert.Equal(
            ["draft 5 1,2,4", "standard 15 4,8,16", "high 30 8,16,32"],
            catalog.GetProperty("qualities").EnumerateArray().Select(quality =>
                $"{quality.GetProperty("name")} {quality.GetProperty("estimatedTime")} {string.Join(',', quality.GetProperty("credits").EnumerateArray().Select(price => price.GetProperty("credits")))}"));
        foreach (var quality in catalog.GetProperty("qualities").EnumerateArray())
        {
            using var answer = await user.Http.PostAsJsonAsync("/api/v1/generations/quote", new { prompt = "a pier", options = new { quality = quality.GetProperty("name").GetString(), count = 1 } });
            var quote = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains($"\"credits\":{quality.GetProperty("credits")[0].GetProperty("credits")}", quote.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_client_reads_all_of_it()
    {
        var catalog = await (await PrintCraftApp.GetAsync()).NewUser().Api.GetCatalogAsync(CancellationToken.None);

        Assert.Equal(["draft", "standard", "high"], catalog.Qualities.Select(quality => quality.Name));
        Assert.All(catalog.Qualities, quality => Assert.Equal([1, 2, 4], quality.Credits.Select(price => price.MaxMegapixels)));
        Assert.All(catalog.Qualities, quality => Assert.True(quality.Sizes.Min > 0 && quality.Sizes.Max >= quality.Sizes.Min));
        Assert.Equal([(false, false), (true, true), (true, false)], catalog.Qualities.Select(quality => (quality.HasReferenceImage, quality.HasStrength)));
        Assert.Equal(10 * 1024 * 1024, catalog.Limits.MaxUploadBytes);
        Assert.Equal((2000, 4, 4), (catalog.Limits.MaxPromptLength, catalog.Limits.MaxCount, catalog.Limits.MaxMegapixels));
    }

    [Fact]
    public async Task Who_has_the_catalogue_is_not_sent_it_again()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        using var first = await user.Http.GetAsync("/api/v1/catalog");
        Assert.Equal("no-cache, private", first.Headers.CacheControl!.ToString());

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/catalog") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var second = await user.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal("", await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }
}
