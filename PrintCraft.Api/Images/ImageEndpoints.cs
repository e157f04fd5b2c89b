using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Images;

internal static class ImageEndpoints
{
    public static WebApplicationBuilder AddImages(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImageStoreOptions>().BindConfiguration(ImageStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ImageUrlOptions>().BindConfiguration(ImageStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<PictureOptions>().BindConfiguration(PictureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ImageStore>();
        builder.Services.AddSingleton<Pictures>();
        builder.Services.AddSingleton<ImageUrls>();
        return builder;
    }

    public static IEndpointRouteBuilder MapImages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/images/{**key}", Read)
            .AnswersHead()
            .AllowAnonymous()
            .WithoutQuota()
            .WithName("readImage")
            .WithTags("Images")
            .WithSummary("Read an image by its signed address")
            .WithDescription("The address comes from a generation or an upload and works for a few minutes. A wrong, changed or expired address is not found.")
            .Produces(StatusCodes.Status200OK, contentType: "image/png", additionalContentTypes: ["image/jpeg", "image/webp"])
            .Fails(ProblemCode.NotFound);
        return routes;
    }

    /// <summary>One answer for a wrong signature, an expired address and a missing file: an address tells nothing about what exists.</summary>
    private static Results<FileStreamHttpResult, ProblemHttpResult> Read(
        string key, string? expires, string? signature, ImageUrls urls, ImageStore store, HttpContext context)
    {
        if (PictureKeys.ContentType(key) is not { } type || !urls.Allows(key, expires, signature) || store.Open(key) is not { } file)
        {
            return Problem.Because(ProblemCode.NotFound, "The image address is wrong or has expired; read the generation again for a new one.");
        }

        // However slowly it is taken.
        context.GiveBackPlace();
        var response = context.Response;
        response.Headers.CacheControl = "private, max-age=31536000, immutable";
        // Opens as a picture in a browser. The type is fixed and, with nosniff, not to be guessed, so nothing else can be made of it.
        response.Headers.ContentDisposition = $"inline; filename=\"{Path.GetFileName(key)}\"";
        return TypedResults.File(file, type, enableRangeProcessing: true);
    }
}
