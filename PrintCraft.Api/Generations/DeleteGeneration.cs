using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Generations;

/// <summary>
/// Hides a final generation from its owner and removes its files. The row stays, because money moved for it. A crash after it was hidden, or a
/// store that refuses, leaves files that nobody is shown any more: the worker's sweeper removes them.
/// </summary>
internal static partial class DeleteGeneration
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, PrintCraftDb db, ImageStore store, TwoLevelCache cache, ILogger<GenerationDesk> logger, CancellationToken cancellationToken)
    {
        var mine = db.Generations.Where(generation => generation.Id == id && generation.UserId == user.Id && generation.HiddenAt == null);
        var hidden = await db.Database.ExecuteSqlAsync(
            $"UPDATE generations SET hidden_at = now() WHERE id = {id} AND user_id = {user.Id} AND hidden_at IS NULL AND completed_at IS NOT NULL", cancellationToken);
        if (hidden == 0)
        {
            return await mine.AnyAsync(cancellationToken)
                ? Problem.Because(ProblemCode.Conflict, "The generation still runs: cancel it first.")
                : Problem.Because(ProblemCode.NotFound, "There is no such generation.");
        }

        // From here on the caller's leaving changes nothing.
        await cache.DropAsync(CacheTag.Generation(user.Id, id), CancellationToken.None);
        await PurgeAsync(id, db, store, logger, CancellationToken.None);
        return TypedResults.NoContent();
    }

    private static async Task PurgeAsync(Guid id, PrintCraftDb db, ImageStore store, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            var keys = await db.GenerationImages.Where(image => image.GenerationId == id && image.StorageKey != null).Select(image => image.StorageKey!).ToListAsync(cancellationToken);
            keys.ForEach(store.Delete);
            await db.Database.ExecuteSqlAsync($"UPDATE generations SET purged_at = now() WHERE id = {id} AND purged_at IS NULL", cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NotPurged(logger, id, exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The files of generation {GenerationId} are still there and left to the sweeper: {Reason}")]
    private static partial void NotPurged(ILogger logger, Guid generationId, string reason);
}
