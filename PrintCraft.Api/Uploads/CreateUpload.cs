using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

using PrintCraft.Api.Identity;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Images;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>
/// Takes a picture in one request: the file as the body, or as the first file of a form. A crash leaves files that nobody knows, of which the temporary one is
/// swept and the clean one is the same at the next try.
/// </summary>
internal static class CreateUpload
{
    public static async Task<Results<Created<UploadResource>, ProblemHttpResult>> HandleAsync(
        HttpContext context,
        CurrentUser user,
        PrintCraftDb db,
        UploadIntake intake,
        Pictures pictures,
        ImageStore store,
        UploadResources resources,
        IOptions<UploadOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        // Before anything of it is read; counted again when it is written down.
        if (await db.UploadsOf(user.Id).CountAsync(cancellationToken) >= options.Value.MaxPerUser)
        {
            return UploadProblems.TooMany(options.Value);
        }

        // However slowly it comes.
        context.GiveBackPlace();
        await db.CloseAsync();
        var (type, body, wrong) = await FileAsync(context.Request, cancellationToken);
        if (body is null)
        {
            return wrong ?? UploadProblems.WrongType;
        }

        using var file = await intake.ReceiveAsync(body, options.Value.MaxBytes, cancellationToken);
        if (UploadProblems.Of(file, type, options.Value.MaxBytes) is { } refusal)
        {
            return refusal;
        }

        var clean = await pictures.CleanAsync(file.Path, cancellationToken);
        if (clean.Problem is not null)
        {
            return UploadProblems.Unusable(clean.Problem);
        }

        var now = time.GetUtcNow().InMicroseconds();
        var upload = Ready(Guid.CreateVersion7(now), user.Id, file, clean, store, now, now + options.Value.Lifetime);
        if (!await db.TryAddAsync(upload, options.Value.MaxPerUser, cancellationToken))
        {
            store.Delete(upload.StorageKey!);
            return UploadProblems.TooMany(options.Value);
        }

        var resource = resources.From(upload);
        return TypedResults.Created(resource.Links.Self, resource);
    }

    private static Upload Ready(Guid id, Guid userId, ReceivedFile file, CleanPicture clean, ImageStore store, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        var stored = store.SaveUpload(userId, id, clean.Content);
        return new Upload
        {
            Id = id,
            UserId = userId,
            Status = UploadStatus.Ready,
            ContentType = file.Format!.Value.ContentType(),
            Bytes = file.Bytes,
            FileSha256 = file.Sha256,
            StorageKey = stored.Key,
            Sha256 = stored.Sha256,
            StoredBytes = stored.Bytes,
            Width = clean.Width,
            Height = clean.Height,
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
    }

    /// <summary>The body, or the first file of the form, with the type that it is said to have; nothing when it is neither.</summary>
    private static async Task<(string? Type, Stream? Body, ProblemHttpResult? Wrong)> FileAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return PictureFormats.Named(request.ContentType) is null ? (null, null, null) : (request.ContentType, request.Body, null);
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 100)
        {
            return (null, null, UploadProblems.BrokenForm);
        }

        try
        {
            var form = new MultipartReader(boundary, request.Body);
            while (await form.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (section.AsFileSection() is { FileStream: { } file })
                {
                    return (section.ContentType, file, null);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && exception is not BadHttpRequestException)
        {
            // As a form it is broken.
        }

        return (null, null, UploadProblems.BrokenForm);
    }
}
