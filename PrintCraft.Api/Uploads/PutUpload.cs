using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Images;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Uploads;

/// <summary>
/// Takes the file at its signed address: the address is the permission, for this file's type and size. A second one takes the first one's place until the
/// upload is finalized; one that breaks off changes nothing.
/// </summary>
internal static class PutUpload
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, string? expires, string? signature, HttpContext context, PrintCraftDb db, ImageUrls urls, ImageStore store, UploadIntake intake, CancellationToken cancellationToken)
    {
        // The signature stands for the owner.
        var upload = await db.Uploads
            .FromSql($"SELECT * FROM uploads WHERE id = {id} AND status = 'waiting' AND expires_at > now()")
            .AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);
        if (upload is null || !urls.AllowsUpload(id, upload.ContentType, upload.Bytes, expires, signature))
        {
            return Problem.Because(ProblemCode.NotFound, "The address is wrong or has expired, or its upload is finalized; read the upload again.");
        }

        if (PictureFormats.Named(context.Request.ContentType) != PictureFormats.Named(upload.ContentType))
        {
            return Problem.Because(ProblemCode.UnsupportedMediaType, $"The upload was made for {upload.ContentType}.");
        }

        if (context.Request.ContentLength > upload.Bytes)
        {
            return Problem.Because(ProblemCode.PayloadTooLarge, $"The upload was made for {upload.Bytes} bytes.");
        }

        // However slowly it comes.
        context.GiveBackPlace();
        await db.CloseAsync();
        using var file = await intake.ReceiveAsync(context.Request.Body, upload.Bytes, cancellationToken);
        if (UploadProblems.Of(file, upload.ContentType, upload.Bytes) is { } wrong)
        {
            return wrong;
        }

        if (file.Bytes != upload.Bytes)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "The file cannot be used.", [new FieldError("file", $"has {file.Bytes} bytes instead of {upload.Bytes}")]);
        }

        store.Publish(file.Path, PictureKeys.UploadedFile(upload.UserId, id));
        return TypedResults.NoContent();
    }
}
