using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>Reads and writes uploads. Ownership is part of the WHERE, and what is over is not there.</summary>
internal static class UploadRows
{
    /// <summary>Those that there still are, by the database's clock.</summary>
    public static IQueryable<Upload> UploadsOf(this PrintCraftDb db, Guid userId) =>
        db.Uploads.FromSql($"SELECT * FROM uploads WHERE user_id = {userId} AND status <> 'deleted' AND expires_at > now()").AsNoTracking();

    public static Task<Upload?> FindUploadAsync(this PrintCraftDb db, Guid userId, Guid id, CancellationToken cancellationToken) =>
        db.UploadsOf(userId).SingleOrDefaultAsync(upload => upload.Id == id, cancellationToken);

    /// <summary>Whether a generation may start from it.</summary>
    public static Task<bool> CanUseAsync(this PrintCraftDb db, Guid userId, Guid id, CancellationToken cancellationToken) =>
        db.UploadsOf(userId).AnyAsync(upload => upload.Id == id && upload.Status == UploadStatus.Ready, cancellationToken);

    /// <summary>False when the user has as many as he may.</summary>
    public static Task<bool> TryAddAsync(this PrintCraftDb db, Upload upload, int max, CancellationToken cancellationToken) => db.InTransactionAsync(
        async token =>
        {
            // One at a time, or two requests would both be the last that fits.
            await db.LockUserAsync(upload.UserId, token);
            if (await db.UploadsOf(upload.UserId).CountAsync(token) >= max)
            {
                return false;
            }

            db.Uploads.Add(upload);
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);
}
