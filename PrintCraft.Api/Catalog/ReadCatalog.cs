using System.Text.Json;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Http;
using PrintCraft.Api.Uploads;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Catalog;

/// <summary>What can be ordered, and what it costs.</summary>
public sealed record CatalogResource(IReadOnlyList<StyleResource> Styles, IReadOnlyList<QualityResource> Qualities, CatalogLimits Limits);

/// <param name="Phrase">What the style adds to the prompt; null when nothing.</param>
public sealed record StyleResource(string Name, string? Phrase);

/// <param name="EstimatedTime">Seconds that an image usually takes.</param>
/// <param name="HasReferenceImage">Whether it can start from an upload.</param>
/// <param name="HasStrength">Whether it can be told how far to go from that.</param>
/// <param name="Credits">For an image by its size; of several images each costs that.</param>
/// <param name="Sizes">The sizes that the model makes when they are not all within the limits.</param>
public sealed record QualityResource(
    Quality Name, string Model, double EstimatedTime, bool HasNegativePrompt, bool HasReferenceImage, bool HasStrength, IReadOnlyList<PriceResource> Credits, SizesResource Sizes);

/// <summary>Of images of at most so many megapixels.</summary>
public sealed record PriceResource(int MaxMegapixels, int Credits);

/// <param name="Min">Pixels of either side.</param>
/// <param name="Max">Pixels of either side.</param>
/// <param name="Step">Sides are multiples of it.</param>
/// <param name="Only">When the model makes only these.</param>
public sealed record SizesResource(int Min, int Max, int Step, IReadOnlyList<Dimensions>? Only);

/// <param name="MaxUploadBytes">Of a picture to start from.</param>
public sealed record CatalogLimits(int MaxPromptLength, int MaxCount, int MaxMegapixels, long MaxSeed, long MaxUploadBytes);

/// <summary>The catalogue is configuration: it is written once, and changes only with the process. So it is not in the shared cache.</summary>
public sealed class PreparedCatalog
{
    private static readonly int[] PricedMegapixels = [1, 2, 4];

    public PreparedCatalog(IOptions<ModelCatalog> models, IOptions<UploadOptions> uploads, IOptions<JsonOptions> json)
    {
        Json = JsonSerializer.SerializeToUtf8Bytes(Of(models.Value, uploads.Value), json.Value.SerializerOptions);
        Tag = ETags.Of([.. Json.Select(one => (long)one)]);
    }

    internal byte[] Json { get; }

    internal string Tag { get; }

    internal static CatalogResource Of(ModelCatalog models, UploadOptions uploads) => new(
        [.. Styles.Names.Select(name => new StyleResource(name, Styles.Phrases.GetValueOrDefault(name)))],
        [.. Enum.GetValues<Quality>().Select(quality => Of(quality, models.For(quality)))],
        new CatalogLimits(OrderRules.MaxPromptLength, OrderRules.MaxCount, OrderRules.MaxSide * OrderRules.MaxSide / (1024 * 1024), OrderRules.MaxSeed, uploads.MaxBytes));

    private static QualityResource Of(Quality quality, Model model) => new(
        quality,
        model.FullName,
        model.Estimate.TotalSeconds,
        model.HasNegativePrompt,
        model.ReferenceInput is not null,
        model is { ReferenceInput: not null, StrengthInput: not null },
        [.. PricedMegapixels.Select(megapixels => new PriceResource(megapixels, Price.PerImage(model, megapixels * 1024, 1024)))],
        model.Sizes switch
        {
            SizeRule.CustomBy32 => new SizesResource(OrderRules.MinSide, 1440, 32, null),
            SizeRule.AspectRatioAndMegapixels => new SizesResource(
                OrderRules.MinSide, OrderRules.MaxSide, OrderRules.SideStep, [.. FluxSizes.All.Select(size => new Dimensions(size.Width, size.Height))]),
            SizeRule.WidthAndHeight => new SizesResource(OrderRules.MinSide, OrderRules.MaxSide, OrderRules.SideStep, null),
        });
}

internal static class ReadCatalog
{
    public static PreparedJson<CatalogResource> Handle(PreparedCatalog catalog, HttpResponse response)
    {
        response.Headers.ETag = catalog.Tag;
        return new PreparedJson<CatalogResource>(catalog.Json);
    }
}
