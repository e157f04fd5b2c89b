using System.ComponentModel.DataAnnotations;

using Microsoft.Extensions.Options;

namespace PrintCraft.Core.Generations;

/// <summary>Which model serves which quality. Section <c>Models</c>; the defaults are Replicate's.</summary>
public sealed class ModelCatalog
{
    public const string Section = "Models";

    [Required, ValidateObjectMembers]
    public Model Draft { get; set; } = new()
    {
        Owner = "black-forest-labs",
        Name = "flux-schnell",
        Credits = 1,
        Estimate = TimeSpan.FromSeconds(5),
        Sizes = SizeRule.AspectRatioAndMegapixels,
        // Without go_fast:false the same seed gives different pictures; the default format is webp.
        FixedInput = new Dictionary<string, string>
        {
            ["num_inference_steps"] = "4",
            ["num_outputs"] = "1",
            ["output_format"] = "png",
            ["go_fast"] = "false",
        },
    };

    [Required, ValidateObjectMembers]
    public Model Standard { get; set; } = new()
    {
        Owner = "stability-ai",
        Name = "sdxl",
        Version = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc",
        Credits = 4,
        Estimate = TimeSpan.FromSeconds(15),
        Sizes = SizeRule.WidthAndHeight,
        HasNegativePrompt = true,
        ReferenceInput = "image",
        StrengthInput = "prompt_strength",
        FixedInput = new Dictionary<string, string>
        {
            ["num_inference_steps"] = "30",
            ["num_outputs"] = "1",
            ["guidance_scale"] = "7.5",
            ["apply_watermark"] = "false",
        },
    };

    [Required, ValidateObjectMembers]
    public Model High { get; set; } = new()
    {
        Owner = "black-forest-labs",
        Name = "flux-1.1-pro",
        Credits = 8,
        Estimate = TimeSpan.FromSeconds(30),
        Sizes = SizeRule.CustomBy32,
        ReferenceInput = "image_prompt",
        FixedInput = new Dictionary<string, string> { ["output_format"] = "png", ["prompt_upsampling"] = "false" },
    };

    /// <summary>The entry that a job was sold with, by its full name; null when the catalogue no longer has it.</summary>
    public Model? Named(string fullName) => new[] { Draft, Standard, High }.FirstOrDefault(model => model.FullName == fullName);

    public Model For(Quality quality) => quality switch
    {
        Quality.Draft => Draft,
        Quality.Standard => Standard,
        Quality.High => High,
    };
}
