using System.Text.Json;

namespace PrintCraft.ReplicateSimulator.Catalogue;

/// <summary>
/// A model of the catalogue, with the part of its published input schema that PrintCraft can meet:
/// https://replicate.com/black-forest-labs/flux-schnell/api/schema, https://replicate.com/black-forest-labs/flux-1.1-pro/api/schema,
/// https://replicate.com/stability-ai/sdxl/api/schema. As on Replicate, an input member that a model does not know is ignored.
/// </summary>
internal sealed record Model(string Owner, string Name, string Version, bool ListsOutput, int Steps, string Description, Field[] Input)
{
    private const string SdxlVersion = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";

    private static readonly Field Prompt = new("prompt", "string", Required: true);
    private static readonly Field Seed = new("seed", "integer");
    private static readonly Field OutputFormat = new("output_format", "string") { Allowed = ["webp", "jpg", "png"] };
    private static readonly Field OutputQuality = new("output_quality", "integer", 0, 100);
    private static readonly Field Outputs = new("num_outputs", "integer", 1, 4);

    /// <summary>Pixels of each aspect ratio at one megapixel, as in Replicate's own FLUX code.</summary>
    private static readonly Dictionary<string, (int Width, int Height)> Sizes = new()
    {
        ["1:1"] = (1024, 1024),
        ["16:9"] = (1344, 768),
        ["21:9"] = (1536, 640),
        ["3:2"] = (1216, 832),
        ["2:3"] = (832, 1216),
        ["4:5"] = (896, 1088),
        ["5:4"] = (1088, 896),
        ["3:4"] = (896, 1152),
        ["4:3"] = (1152, 896),
        ["9:16"] = (768, 1344),
        ["9:21"] = (640, 1536),
    };

    private static readonly Model[] All =
    [
        new("black-forest-labs", "flux-schnell", "hidden", ListsOutput: true, Steps: 4, "The fastest of the FLUX models",
        [
            Prompt, Seed, Outputs, OutputFormat, OutputQuality,
            new("aspect_ratio", "string") { Allowed = [.. Sizes.Keys] }, new("megapixels", "string") { Allowed = ["1", "0.25"] },
            new("num_inference_steps", "integer", 1, 4), new("go_fast", "boolean"), new("disable_safety_checker", "boolean"),
        ]),
        new("black-forest-labs", "flux-1.1-pro", "hidden", ListsOutput: false, Steps: 28, "Faster, better FLUX Pro",
        [
            Prompt, Seed, OutputFormat, OutputQuality,
            new("aspect_ratio", "string") { Allowed = ["custom", "1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"] },
            new("width", "integer", 256, 1440), new("height", "integer", 256, 1440),
            new("safety_tolerance", "integer", 1, 6), new("prompt_upsampling", "boolean"), new("image_prompt", "string") { IsUri = true },
        ]),
        new("stability-ai", "sdxl", SdxlVersion, ListsOutput: true, Steps: 50, "Stable Diffusion XL",
        [
            Prompt, Seed, Outputs, new("negative_prompt", "string"), new("width", "integer"), new("height", "integer"),
            new("num_inference_steps", "integer", 1, 500), new("guidance_scale", "number", 1, 50), new("image", "string") { IsUri = true }, new("prompt_strength", "number", 0, 1),
            new("refine", "string") { Allowed = ["no_refiner", "expert_ensemble_refiner", "base_image_refiner"] },
            new("high_noise_frac", "number", 0, 1), new("lora_scale", "number", 0, 1),
            new("scheduler", "string")
            {
                Allowed = ["DDIM", "DPMSolverMultistep", "HeunDiscrete", "KarrasDPM", "K_EULER_ANCESTRAL", "K_EULER", "PNDM"],
            },
            new("apply_watermark", "boolean"), new("disable_safety_checker", "boolean"),
        ]),
    ];

    public string FullName => $"{Owner}/{Name}";

    public bool Official => Version == "hidden";

    public static Model? Find(string owner, string name) => All.FirstOrDefault(model => model.Owner == owner && model.Name == name);

    /// <summary>A version id, <c>owner/name:id</c>, or <c>owner/name</c> of an official model.</summary>
    public static Model? Resolve(string version) => All.FirstOrDefault(model =>
        model.Official ? version == model.FullName : version == model.Version || version == $"{model.FullName}:{model.Version}");

    public IReadOnlyList<InvalidField> Check(JsonElement input)
    {
        var broken = Field.Check(input, "input", Input, closed: false).ToList();
        if (broken.Count == 0 && Input.Contains(OutputFormat) && Text(input, "output_format", "webp") != "png")
        {
            broken.Add(new("simulator", "input.output_format",
                "PrintCraft.ReplicateSimulator draws PNG only: set output_format to \"png\" (this model's default is \"webp\")"));
        }

        return broken;
    }

    /// <summary>What a checked input asks for.</summary>
    public Order Read(JsonElement input)
    {
        var ratio = Text(input, "aspect_ratio", Official ? "1:1" : "custom");
        var (width, height) = ratio == "custom" ? (Number(input, "width", 1024), Number(input, "height", 1024)) : Sizes[ratio];
        if (Name == "flux-1.1-pro")
        {
            (width, height) = ((width + 16) / 32 * 32, (height + 16) / 32 * 32);
        }

        var reference = Text(input, "image", Text(input, "image_prompt", "")) is { Length: > 0 } uri ? Reference.Of(uri) : null;
        if (reference?.Size is { } size && input.TryGetProperty("image", out _))
        {
            // SDXL makes its picture as large as the one that it starts from, whatever width and height say.
            (width, height) = size;
        }

        var part = Text(input, "megapixels", "1") == "1" ? 1 : 2;
        return new(
            Text(input, "prompt", ""), Number(input, "seed", Random.Shared.Next(1 << 16)), (int)(width / part), (int)(height / part),
            (int)Number(input, "num_outputs", 1), (int)Number(input, "num_inference_steps", Steps))
        {
            Reference = reference,
            IsReferenceHeeded = !input.TryGetProperty("prompt_strength", out var strength) || strength.GetDouble() < 1,
        };
    }

    private static string Text(JsonElement input, string name, string otherwise) =>
        input.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    private static long Number(JsonElement input, string name, long otherwise) =>
        input.TryGetProperty(name, out var value) ? value.GetInt64() : otherwise;
}

/// <summary>Images to draw. Sizes that the machine cannot make fail in the run, not in validation, as on Replicate.</summary>
internal sealed record Order(string Prompt, long Seed, int Width, int Height, int Count, int Steps)
{
    public Reference? Reference { get; init; }

    /// <summary>At full strength nothing of it is left.</summary>
    public bool IsReferenceHeeded { get; init; }

    /// <summary>What the picture is drawn from.</summary>
    public long DrawnSeed => Reference is { } reference && IsReferenceHeeded ? Seed ^ reference.Bits : Seed;

    public string? Failure =>
        Reference is { Size: null } ? Reference.Unreadable :
        Width <= 0 || Height <= 0 || Width % 8 != 0 || Height % 8 != 0
            ? $"`height` and `width` have to be divisible by 8 but are {Height} and {Width}."
        : (long)Width * Height > 2048 * 2048 ? "CUDA out of memory. (E1001)"
        : null;
}
