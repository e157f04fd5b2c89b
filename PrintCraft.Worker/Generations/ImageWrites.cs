using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// The worker's writes on a claimed generation, each one transaction that first locks the row by its claim: a worker whose claim was taken
/// over writes nothing. The write that ends the last image also settles the hold, in the same transaction.
/// </summary>
internal static class ImageWrites
{
    /// <summary>Moves the bar and tells of it; a repeated look tells nothing twice.</summary>
    public static Task<bool> ReportAsync(PrintCraftDb db, ImageWork work, int progress, string type, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(db, work, async () =>
        {
            var moved = await db.Database.ExecuteSqlAsync(
                $"UPDATE generation_images SET progress = {progress} WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND progress < {progress}", cancellationToken);
            if (moved > 0)
            {
                await db.AppendEventAsync(work.Generation.Id, type, work.Image.Index, now, cancellationToken);
            }
        }, cancellationToken);

    /// <summary>To be submitted again after <paramref name="wait"/>; the attempt counts, and the id of its prediction is kept among the past ones.</summary>
    public static Task<bool> SubmitAgainAsync(PrintCraftDb db, ImageWork work, TimeSpan wait, bool wasUnknown, CancellationToken cancellationToken) =>
        WriteAsync(db, work, () => db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generation_images
            SET status = 'pending', token = NULL, submit_intent_at = NULL, submitted_at = NULL, not_before = now() + {wait},
                past_predictions = array_remove(array_append(past_predictions, prediction_id), NULL), prediction_id = NULL,
                unknowns = unknowns + {(wasUnknown ? 1 : 0)}
            WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND status IN ('submitting', 'submitted')
            """,
            cancellationToken), cancellationToken);

    public static Task<bool> SucceedAsync(PrintCraftDb db, ImageWork work, FetchResult result, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(db, work, async () =>
        {
            var file = result.Image!;
            var ended = await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE generation_images
                SET status = 'succeeded', progress = {ProgressRules.Stored}, completed_at = {now}, storage_key = {file.Key}, sha256 = {file.Sha256},
                    bytes = {file.Bytes}, width = {result.Width}, height = {result.Height}
                WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND status = 'submitted'
                """,
                cancellationToken);
            await EndAsync(db, work, ended, "stored", now, cancellationToken);
        }, cancellationToken);

    public static Task<bool> FailAsync(PrintCraftDb db, ImageWork work, string code, DateTimeOffset now, CancellationToken cancellationToken) =>
        WriteAsync(db, work, async () =>
        {
            var ended = await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE generation_images SET status = 'failed', error_code = {code}, completed_at = {now}
                WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND completed_at IS NULL
                """,
                cancellationToken);
            await EndAsync(db, work, ended, null, now, cancellationToken);
        }, cancellationToken);

    /// <summary>False when the claim was lost: then nothing was written.</summary>
    private static async Task<bool> WriteAsync(PrintCraftDb db, ImageWork work, Func<Task> write, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await work.Claim.LockAsync(db, cancellationToken) is null)
        {
            return false;
        }

        await write();
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task EndAsync(PrintCraftDb db, ImageWork work, int ended, string? type, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (ended == 0)
        {
            return;
        }

        if (type is not null)
        {
            await db.AppendEventAsync(work.Generation.Id, type, work.Image.Index, now, cancellationToken);
        }

        var images = await db.GenerationImages.AsNoTracking().Where(image => image.GenerationId == work.Generation.Id).OrderBy(image => image.Index).ToListAsync(cancellationToken);
        if (images.TrueForAll(image => image.Status.IsFinal()))
        {
            await SettleAsync(db, work.Generation, images, now, cancellationToken);
        }
    }

    private static async Task SettleAsync(PrintCraftDb db, Generation generation, List<GenerationImage> images, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var made = images.Count(image => image.Status == ImageStatus.Succeeded);
        var (charged, refunded) = (made * generation.CreditsPerImage, (images.Count - made) * generation.CreditsPerImage);
        var status = made > 0 ? "succeeded" : "failed";
        var code = made > 0 ? null : images[0].ErrorCode;
        await db.SettleAsync(generation.UserId, generation.Id, charged, refunded, now, cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generations
            SET status = {status}, charged = {charged}, refunded = {refunded}, error_code = {code}, completed_at = {now},
                progress = CASE WHEN {made} > 0 THEN {ProgressRules.Done} ELSE progress END, lease_until = NULL, due_at = NULL, hinted = false
            WHERE id = {generation.Id} AND status = 'processing'
            """,
            cancellationToken);
        await db.AppendEventAsync(generation.Id, status, null, now, cancellationToken);
        db.Outbox.Add(OutboxMessage.Fact(new GenerationFinished(generation.Id, generation.UserId, status), generation.TraceParent, now));
        await db.SaveChangesAsync(cancellationToken);
        Failpoint.Reach("W9");
    }
}
