using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Removes the files of deleted generations that the API did not get to, because it died between the commit and the removal, and temporary files that a
/// killed worker left.
/// </summary>
internal sealed class RemoveFiles(ImageStore images, IOptions<ReconciliationOptions> options, TimeProvider time) : IChore
{
    private const int BatchSize = 100;

    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<int> RunOnceAsync(PrintCraftDb db, CancellationToken cancellationToken) =>
        await PurgeAsync(db, cancellationToken) + images.DeleteTemporary(time.GetUtcNow() - options.Value.TemporaryFileAge);

    private async Task<int> PurgeAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        var hidden = await db.Generations
            .AsNoTracking()
            .Include(generation => generation.Images)
            .Where(generation => generation.HiddenAt != null && generation.PurgedAt == null)
            .OrderBy(generation => generation.HiddenAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var generation in hidden)
        {
            foreach (var image in generation.Images.Where(image => image.StorageKey is not null))
            {
                images.Delete(image.StorageKey!);
            }

            await db.Database.ExecuteSqlAsync($"UPDATE generations SET purged_at = now() WHERE id = {generation.Id} AND purged_at IS NULL", cancellationToken);
        }

        return hidden.Count;
    }
}
