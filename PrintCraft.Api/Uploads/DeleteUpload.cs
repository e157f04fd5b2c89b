using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Uploads;

/// <summary>
/// Takes an upload away and removes its files, unless a generation that still runs needs it. A crash after it was taken away, or a store that refuses, leaves
/// files that nobody is shown any more: the worker's sweeper removes them.
/// </summary>
internal static partial class DeleteUpload
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, PrintCraftDb db, ImageStore store, ILogger<UploadIntake> logger, CancellationToken cancellationToken)
    {
        if (await db.FindUploadAsync(user.Id, id, cancellationToken) is not { } upload)
        {
            return UploadProblems.NotFound;
        }

        var deleted = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE uploads SET status = 'deleted', expires_at = now()
            WHERE id = {id} AND user_id = {user.Id} AND status <> 'deleted' AND NOT EXISTS (SELECT FROM generations WHERE reference_id = {id} AND due_at IS NOT NULL)
            """,
            cancellationToken);
        if (deleted == 0)
        {
            return Problem.Because(ProblemCode.Conflict, "A generation that still runs needs it: wait for it, or cancel it.");
        }

        // From here on the caller's leaving changes nothing.
        try
        {
            store.Delete(PictureKeys.UploadedFile(user.Id, id));
            if (upload.StorageKey is { } key)
            {
                store.Delete(key);
            }

            await db.Database.ExecuteSqlAsync($"DELETE FROM uploads WHERE id = {id} AND user_id = {user.Id} AND status = 'deleted' AND storage_key IS NOT DISTINCT FROM {upload.StorageKey}", CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotRemoved(logger, id, exception.Message);
        }

        return TypedResults.NoContent();
    }

    [LoggerMessage(LogLevel.Warning, "The files of upload {UploadId} are still there and left to the sweeper: {Reason}")]
    private static partial void NotRemoved(ILogger logger, Guid uploadId, string reason);
}
