using System.Diagnostics;

using PrintCraft.Api.Http;
using PrintCraft.Api.Images;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Generations;

/// <summary>Shows rows as resources; signs image addresses for each answer and makes them absolute for the address the caller used.</summary>
public sealed class GenerationResources(ImageUrls urls, IHttpContextAccessor accessor)
{
    /// <param name="queuePosition">Its place among the jobs that wait, if it waits.</param>
    public GenerationResource From(Generation generation, int? queuePosition) => From(generation, queuePosition, urls.Expiry());

    /// <param name="expiry">Of the image addresses.</param>
    internal GenerationResource From(Generation generation, int? queuePosition, DateTimeOffset expiry)
    {
        var images = generation.Images
            .Where(image => image.Status == ImageStatus.Succeeded)
            .OrderBy(image => image.Index)
            .Select(image => Image(image, expiry))
            .ToList();
        var cost = generation.CreditsPerImage * generation.Count;
        return new GenerationResource(
            generation.Id,
            generation.UserId,
            generation.Status,
            generation.Progress,
            generation.Prompt,
            generation.NegativePrompt,
            generation.Style,
            new GenerationOptionsResource(generation.Quality, generation.Width, generation.Height, generation.Seed, generation.Count, generation.OutputFormat,
                generation.ReferenceId, generation.ReferenceStrength),
            images,
            images.FirstOrDefault()?.Url,
            images.FirstOrDefault()?.ThumbnailUrl,
            images.FirstOrDefault()?.PreviewUrl,
            images.Count > 0 ? expiry : null,
            new GenerationMetadata(
                generation.Model,
                generation.CompletedAt is { } end && generation.StartedAt is { } start ? Math.Round((end - start).TotalSeconds, 3) : null,
                cost,
                new Dimensions(generation.Width, generation.Height)),
            new CreditsResource(generation.Status.IsFinal() ? 0 : cost, generation.Charged, generation.Refunded),
            generation.ErrorCode is { } code ? new FailureResource(code, FailureCodes.Message(code)) : null,
            generation.EstimatedTime,
            queuePosition,
            Attempts: generation.Images.Max(image => image.Attempt),
            generation.WebhookUrl,
            ActivityContext.TryParse(generation.TraceParent, null, out var trace) ? trace.TraceId.ToString() : null,
            generation.CreatedAt,
            generation.StartedAt,
            generation.CompletedAt,
            GenerationLinks.To(generation.Id));
    }

    /// <summary>The signed address of one file.</summary>
    public string ImageUrl(string storageKey) => Absolute(urls.Sign(storageKey, urls.Expiry()));

    private ImageResource Image(GenerationImage image, DateTimeOffset expiry)
    {
        var key = image.StorageKey!;
        var hasThumbnails = image.ThumbnailsAt is not null;
        return new ImageResource(
            image.Index, Signed(key), image.Width!.Value, image.Height!.Value, image.Sha256!, image.Bytes!.Value, image.Seed,
            hasThumbnails ? Signed(PictureKeys.Thumbnail(key)) : null, hasThumbnails ? Signed(PictureKeys.Preview(key)) : null);

        string Signed(string file) => Absolute(urls.Sign(file, expiry));
    }

    private string Absolute(string path) => accessor.HttpContext!.Request.AddressOf(path);
}
