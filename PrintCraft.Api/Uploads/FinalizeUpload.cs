using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

public sealed record FinalizeUploadRequest([property: Description("SHA-256 of the file that you put, 64 hex digits.")] string? Sha256 = null);

/// <summary>
/// Checks the file that was put, and makes the clean picture of it. May be repeated: a crash before the row is written costs doing it again, one after it
/// leaves the file as it came, which goes with the upload.
/// </summary>
internal static class FinalizeUpload
{
    public static async Task<Results<Ok<UploadResource>, ProblemHttpResult>> HandleAsync(
        Guid id,
        FinalizeUploadRequest request,
        CurrentUser user,
        PrintCraftDb db,
        UploadIntake intake,
        Pictures pictures,
        ImageStore store,
        UploadResources resources,
        CancellationToken cancellationToken)
    {
        if (await db.FindUploadAsync(user.Id, id, cancellationToken) is not { } upload)
        {
            return UploadProblems.NotFound;
        }

        if (upload.Status == UploadStatus.Ready)
        {
            return IsHash(request.Sha256, upload.FileSha256!) ? TypedResults.Ok(resources.From(upload)) : WrongHash(upload.FileSha256!);
        }

        var key = PictureKeys.UploadedFile(user.Id, id);
        await db.CloseAsync();
        using var file = await intake.CopyAsync(key, cancellationToken);
        if (file is null)
        {
            return Problem.Because(ProblemCode.Conflict, "No file was put to the upload's address yet.");
        }

        if (!IsHash(request.Sha256, file.Sha256))
        {
            return WrongHash(file.Sha256);
        }

        var clean = await pictures.CleanAsync(file.Path, cancellationToken);
        if (clean.Problem is not null)
        {
            return UploadProblems.Unusable(clean.Problem);
        }

        await WriteAsync(db, upload, file, clean, store.SaveUpload(user.Id, id, clean.Content), cancellationToken);
        store.Delete(key);
        // Whoever of several was first.
        return await db.FindUploadAsync(user.Id, id, cancellationToken) is { Status: UploadStatus.Ready } ready ? TypedResults.Ok(resources.From(ready)) : UploadProblems.NotFound;
    }

    private static Task<int> WriteAsync(PrintCraftDb db, Upload upload, ReceivedFile file, CleanPicture clean, StoredImage stored, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE uploads SET status = 'ready', file_sha256 = {file.Sha256}, storage_key = {stored.Key}, sha256 = {stored.Sha256}, stored_bytes = {stored.Bytes},
                width = {clean.Width}, height = {clean.Height}
            WHERE id = {upload.Id} AND user_id = {upload.UserId} AND status = 'waiting'
            """,
            cancellationToken);

    private static bool IsHash(string? said, string hash) => string.Equals(said, hash, StringComparison.OrdinalIgnoreCase);

    private static ProblemHttpResult WrongHash(string hash) =>
        Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("sha256", $"is not that of the file that came, which is {hash}")]);
}
