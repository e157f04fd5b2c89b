using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Uploads;

internal static class UploadEndpoints
{
    public static WebApplicationBuilder AddUploads(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<UploadOptions>().BindConfiguration(UploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<UploadResources>();
        builder.Services.AddSingleton<UploadIntake>();
        return builder;
    }

    public static IEndpointRouteBuilder MapUploads(this IEndpointRouteBuilder routes)
    {
        var max = routes.ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value.MaxBytes;
        var group = routes.MapGroup("/uploads").WithTags("Uploads");

        group.MapPost("", CreateUpload.HandleAsync)
            .WithName("createUpload")
            .WithSummary("Send a picture to start generations from")
            .WithDescription("PNG, JPEG or WebP, as the body or as the file of a form. What is kept is a new picture made of it: upright, sRGB, at most 2,048 pixels a side, "
                + "the first frame, without metadata. It is removed when it expires.")
            .Accepts<Stream>("image/png", "image/jpeg", "image/webp", "multipart/form-data")
            .WithExample("the bytes of the file", UploadExamples.Ready)
            .AnswersLocation()
            .TakesFiles(max)
            .Fails(ProblemCode.Conflict);

        group.MapPost("/direct", CreateDirectUpload.HandleAsync)
            .WithName("createDirectUpload")
            .WithSummary("Get an address to put a picture to")
            .WithDescription("PUT the file to uploadUrl with the same Content-Type and no credential, then finalize.")
            .WithExample(UploadExamples.Order, UploadExamples.Waiting)
            .AnswersLocation()
            .Fails(ProblemCode.Conflict);

        group.MapPost("/{id:guid}/finalize", FinalizeUpload.HandleAsync)
            .WithName("finalizeUpload")
            .WithSummary("Have the file looked at that was put")
            .WithDescription("Compares its SHA-256, checks it and makes the picture that is kept. May be repeated.")
            .WithExample(UploadExamples.Checksum, UploadExamples.Ready)
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapGet("", ListUploads.HandleAsync)
            .WithName("listUploads")
            .WithSummary("List your uploads, newest first")
            .WithExample(answer: UploadExamples.Uploads)
            .IsFeed();

        group.MapGet("/{id:guid}", ListUploads.HandleOneAsync)
            .WithName("getUpload")
            .WithSummary("Read one of your uploads")
            .WithExample(answer: UploadExamples.Ready)
            .HasETag()
            .Fails(ProblemCode.NotFound);

        group.MapDelete("/{id:guid}", DeleteUpload.HandleAsync)
            .WithName("deleteUpload")
            .WithSummary("Delete one of your uploads")
            .WithDescription("Not while a generation that still runs needs it.")
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);
        return routes;
    }

    /// <summary>Beside the API: who has the address needs no credential.</summary>
    public static IEndpointRouteBuilder MapUploadAddresses(this IEndpointRouteBuilder routes)
    {
        var max = routes.ServiceProvider.GetRequiredService<IOptions<UploadOptions>>().Value.MaxBytes;
        routes.MapPut("/uploads/{id:guid}", PutUpload.HandleAsync)
            .AllowAnonymous()
            .WithoutQuota()
            .WithName("putUpload")
            .WithTags("Uploads")
            .WithSummary("Put the file of an upload to its signed address")
            .WithDescription("The address comes from an upload and works for some minutes, for a file of the type and size that the upload was made for.")
            .Accepts<Stream>("image/png", "image/jpeg", "image/webp")
            .WithExample("the bytes of the file")
            .TakesFiles(max)
            .Fails(ProblemCode.NotFound);
        return routes;
    }

    /// <summary>
    /// Files are larger than other bodies, and take longer to come. The server's own limit is twice the file's: a form has lines beside its file, and it closes
    /// the connection of who exceeds that limit, whose program may then see a reset instead of the answer that says why.
    /// </summary>
    private static RouteHandlerBuilder TakesFiles(this RouteHandlerBuilder endpoint, long max)
    {
        endpoint.WithRequestTimeout(HttpRegistration.MayWait);
        return endpoint.WithMetadata(new BodyLimit(2 * max));
    }

    private sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
