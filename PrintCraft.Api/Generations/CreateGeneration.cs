using System.ComponentModel;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Faults;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A prompt and how to draw it.</summary>
public sealed record CreateGenerationRequest(
    [property: Description("What to draw, 1 to 2,000 characters.")] string? Prompt = null,
    [property: Description("What to leave out; \"blurry, low quality, watermark, text\" unless said. Models without one ignore it.")] string? NegativePrompt = null,
    [property: Description("none, minimalist, watercolor, photorealistic or cartoon; none unless said.")] string? Style = null,
    GenerationOptionsRequest? Options = null,
    [property: Description("Your address to be told at the end.")] string? WebhookUrl = null,
    [property: Description("Refuse instead of paying more than this many credits.")] int? MaxCredits = null)
{
    internal GenerationDraft Draft() => new(
        Prompt,
        NegativePrompt,
        Style,
        Options?.Quality,
        Options?.Width,
        Options?.Height,
        Options?.Seed,
        Options?.Count,
        Options?.OutputFormat,
        WebhookUrl,
        Options?.ReferenceImage,
        Options?.Strength);
}

public sealed record GenerationOptionsRequest(
    [property: Description("draft, standard or high; standard unless said. Chooses model, price and time.")] string? Quality = null,
    [property: Description("Pixels, 256 to 2,048, a multiple of 8; 1,024 unless said. Some models make fewer sizes.")] int? Width = null,
    [property: Description("Pixels, as width; width × height is at most 4 megapixels.")] int? Height = null,
    [property: Description("The same seed and request give the same picture. Random unless said.")] long? Seed = null,
    [property: Description("1 to 4 images, with seeds seed, seed + 1, …; 1 unless said.")] int? Count = null,
    [property: Description("png.")] string? OutputFormat = null,
    [property: Description("The id of one of your uploads that is ready: the picture to start from, cut to width and height. Not every quality's model takes one.")] Guid? ReferenceImage = null,
    [property: Description("How far the picture may go from the reference: from 0.05, almost the same, to 1, nothing of it; 0.8 unless said, where the model has such a measure.")] double? Strength = null);

/// <summary>
/// Accepts a generation: hold, rows, first event and outbox message in one transaction. A crash before the commit leaves nothing;
/// after it the job runs, whether or not the caller got the answer.
/// </summary>
internal static class CreateGeneration
{
    public static async Task<IResult> HandleAsync(
        CreateGenerationRequest request,
        HttpResponse response,
        GenerationDesk desk,
        IdempotentRequest once,
        PreferWait wait,
        IOptions<ModelCatalog> catalog,
        CancellationToken cancellationToken)
    {
        if (!OrderRules.TryOrder(request.Draft(), catalog.Value, out var order, out var errors))
        {
            return Answer.Refusal(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        if (request.MaxCredits < order.Credits)
        {
            return Answer.Refusal(
                ProblemCode.PreconditionFailed, $"This costs {order.Credits} credits.", [new FieldError("maxCredits", $"is {request.MaxCredits}, less than the price of {order.Credits}")]);
        }

        var answer = await once.RunAsync(request, token => desk.OrderAsync(order, token), cancellationToken);
        Failpoint.Reach("A3");
        response.ReachWhenSent("A4");
        desk.Announce();
        return await wait.ApplyAsync(answer, cancellationToken);
    }
}
