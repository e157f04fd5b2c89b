using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>What is to come.</summary>
public sealed record DirectUploadRequest(
    [property: Description("image/png, image/jpeg or image/webp.")] string? ContentType = null,
    [property: Description("Of the file, exactly.")] long? Bytes = null);

/// <summary>Gives an address that one file of one type and size may be put to, without a credential. A crash leaves an upload that waits until it expires.</summary>
internal static class CreateDirectUpload
{
    public static async Task<Results<Created<UploadResource>, ProblemHttpResult>> HandleAsync(
        DirectUploadRequest request, CurrentUser user, PrintCraftDb db, UploadResources resources, IOptions<UploadOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var format = PictureFormats.Named(request.ContentType);
        var errors = new List<FieldError>();
        if (format is null || request.ContentType != format.Value.ContentType())
        {
            errors.Add(new FieldError("contentType", $"must be {PictureFormats.Rule}"));
        }

        if (request.Bytes is not { } bytes || bytes < 1 || bytes > options.Value.MaxBytes)
        {
            errors.Add(new FieldError("bytes", $"must be from 1 to {options.Value.MaxBytes}"));
        }

        if (errors.Count > 0)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var now = time.GetUtcNow().InMicroseconds();
        var upload = new Upload
        {
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            Status = UploadStatus.Waiting,
            ContentType = request.ContentType!,
            Bytes = request.Bytes!.Value,
            CreatedAt = now,
            ExpiresAt = now + options.Value.Lifetime,
        };
        if (!await db.TryAddAsync(upload, options.Value.MaxPerUser, cancellationToken))
        {
            return UploadProblems.TooMany(options.Value);
        }

        var resource = resources.From(upload);
        return TypedResults.Created(resource.Links.Self, resource);
    }
}
