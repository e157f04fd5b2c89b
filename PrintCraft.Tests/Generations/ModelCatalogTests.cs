using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>The catalogue as an operator may configure it.</summary>
public sealed class ModelCatalogTests
{
    [Fact]
    public void One_value_can_be_changed_and_the_rest_stays()
    {
        var catalog = Configured(("Models:Draft:Credits", "2"), ("Models:Draft:FixedInput:go_fast", "true"));

        Assert.Equal(2, catalog.Draft.Credits);
        Assert.Equal("black-forest-labs/flux-schnell", catalog.Draft.FullName);
        Assert.Equal(
            new Dictionary<string, string> { ["num_inference_steps"] = "4", ["num_outputs"] = "1", ["output_format"] = "png", ["go_fast"] = "true" },
            catalog.Draft.FixedInput);
        Assert.Equal(4, catalog.Standard.Credits);
    }

    [Theory]
    [InlineData("Models:Standard:Version", "latest")]
    [InlineData("Models:High:Credits", "0")]
    [InlineData("Models:Draft:Owner", "")]
    public void A_model_that_cannot_be_asked_or_paid_for_is_refused(string setting, string value)
    {
        Assert.Throws<OptionsValidationException>(() => Configured((setting, value)));
    }

    private static ModelCatalog Configured(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        GenerationEndpoints.AddGenerations(builder);
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<ModelCatalog>>().Value;
    }
}
