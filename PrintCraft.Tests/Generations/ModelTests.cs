using System.Text.Encodings.Web;
using System.Text.Json;

using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>What each model is sent. The names and values are those of the models' own schemas.</summary>
public sealed class ModelTests
{
    private static readonly ModelCatalog Catalog = new();
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_draft_is_asked_for_by_shape_and_megapixels()
    {
        AssertInput(
            """{"prompt":"a red fox, high quality, professional","seed":43,"num_inference_steps":4,"num_outputs":1,"output_format":"png","go_fast":false,"aspect_ratio":"16:9","megapixels":"1"}""",
            SampleGeneration.Accepted(Quality.Draft, 1344, 768));
    }

    [Fact]
    public void A_small_draft_is_asked_for_at_a_quarter_of_a_megapixel()
    {
        AssertInput(
            """{"prompt":"a red fox, high quality, professional","seed":43,"num_inference_steps":4,"num_outputs":1,"output_format":"png","go_fast":false,"aspect_ratio":"9:21","megapixels":"0.25"}""",
            SampleGeneration.Accepted(Quality.Draft, 320, 768));
    }

    [Fact]
    public void A_standard_image_is_asked_for_in_pixels_with_its_negative_prompt()
    {
        AssertInput(
            """{"prompt":"a red fox, watercolor painting style, artistic, high quality, professional","seed":43,"num_inference_steps":30,"num_outputs":1,"guidance_scale":7.5,"apply_watermark":false,"negative_prompt":"hands","width":1024,"height":768}""",
            SampleGeneration.Accepted(Quality.Standard, 1024, 768, style: "watercolor"));
    }

    [Fact]
    public void A_high_image_is_asked_for_as_a_custom_shape()
    {
        AssertInput(
            """{"prompt":"a red fox, high quality, professional","seed":43,"output_format":"png","prompt_upsampling":false,"aspect_ratio":"custom","width":1440,"height":256}""",
            SampleGeneration.Accepted(Quality.High, 1440, 256));
    }

    [Fact]
    public void An_empty_negative_prompt_is_not_sent()
    {
        var input = Catalog.Standard.Input(SampleGeneration.Accepted(negativePrompt: ""), 1);

        Assert.False(input.ContainsKey("negative_prompt"));
    }

    [Fact]
    public void The_prompt_is_sent_character_by_character()
    {
        const string prompt = "say \"{{secret}}\"\n狐狸 🦊 <b>\\";

        var sent = JsonDocument.Parse(Catalog.High.Input(SampleGeneration.Accepted(Quality.High, prompt: prompt), 1).ToJsonString());

        Assert.Equal($"{prompt}, high quality, professional", sent.RootElement.GetProperty("prompt").GetString());
    }

    [Fact]
    public void A_size_that_the_model_cannot_make_is_never_sent()
    {
        Assert.Throws<InvalidOperationException>(() => Catalog.Draft.Input(SampleGeneration.Accepted(Quality.Draft, 1024, 768), 1));
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("False", "false")]
    [InlineData("-3", "-3")]
    [InlineData("7.5", "7.5")]
    [InlineData("1e3", "1000")]
    [InlineData("png", "\"png\"")]
    [InlineData("1,5", "\"1,5\"")]
    [InlineData("16:9", "\"16:9\"")]
    [InlineData("", "\"\"")]
    [InlineData("NaN", "\"NaN\"")]
    public void A_fixed_input_is_sent_as_what_it_looks_like(string configured, string sent)
    {
        var model = Catalog.High with { FixedInput = new Dictionary<string, string> { ["value"] = configured } };

        Assert.Equal(sent, model.Input(SampleGeneration.Accepted(Quality.High), 1)["value"]!.ToJsonString());
    }

    [Fact]
    public void Official_models_have_no_version_and_the_other_has_the_pinned_one()
    {
        Assert.Equal(
            [
                ("black-forest-labs/flux-schnell", null),
                ("stability-ai/sdxl", "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc"),
                ("black-forest-labs/flux-1.1-pro", null),
            ],
            new[] { Catalog.Draft, Catalog.Standard, Catalog.High }.Select(model => (model.FullName, model.Version)));
    }

    private static void AssertInput(string expected, Generation generation)
    {
        Assert.Equal(expected, Catalog.For(generation.Quality).Input(generation, 43).ToJsonString(Plain));
    }
}
