using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>Which orders may name a picture to start from, and how each model is told.</summary>
public sealed class ReferenceRulesTests
{
    [Theory]
    [InlineData("draft", true, null, "options.referenceImage")]
    [InlineData("standard", false, 0.5, "options.strength")]
    [InlineData("high", true, 0.5, "options.strength")]
    [InlineData("standard", true, 0.04, "options.strength")]
    [InlineData("standard", true, 1.01, "options.strength")]
    [InlineData("standard", true, double.NaN, "options.strength")]
    public void What_a_model_does_not_take_is_refused(string quality, bool hasReference, double? strength, string field)
    {
        var draft = new GenerationDraft("a fox", null, null, quality, 1024, 1024, 1, 1, null, null, hasReference ? Guid.NewGuid() : null, strength);

        Assert.False(OrderRules.TryOrder(draft, new ModelCatalog(), out _, out var errors));
        Assert.Equal(field, Assert.Single(errors).Field);
    }

    [Fact]
    public void Each_model_gets_it_by_its_own_name()
    {
        var (catalog, url) = (new ModelCatalog(), "data:image/jpeg;base64,AAAA");

        var standard = catalog.Standard.Input(Job(catalog, "standard", 0.3), 1, url);
        var high = catalog.High.Input(Job(catalog, "high", null), 1, url);

        Assert.Equal((url, 0.3), (standard["image"]?.GetValue<string>(), standard["prompt_strength"]?.GetValue<double>()));
        Assert.Equal((url, null), (high["image_prompt"]?.GetValue<string>(), high["prompt_strength"]));
        Assert.Null(catalog.Standard.Input(Job(catalog, "standard", 0.3), 1)["image"]);
    }

    private static Generation Job(ModelCatalog catalog, string quality, double? strength)
    {
        Assert.True(OrderRules.TryOrder(new GenerationDraft("a fox", null, null, quality, 1024, 1024, 1, 1, null, null, Guid.NewGuid(), strength), catalog, out var order, out _));
        return NewGeneration.Of(order, Guid.NewGuid(), 5, new GenerationPolicy(), TimeProvider.System.GetUtcNow());
    }
}
