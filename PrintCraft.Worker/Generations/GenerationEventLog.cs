using System.Text.Json;

using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

internal static class GenerationEventLog
{
    private sealed record Numbered(int Seq, int Progress);

    /// <summary>
    /// Appends the next event and moves the bar to the mean of the images', never back. Belongs in the transaction of the change it tells
    /// of, after the row was locked: the lock is what makes the numbers gapless.
    /// </summary>
    public static async Task AppendEventAsync(this PrintCraftDb db, Guid generationId, string type, int? image, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var numbered = await db.Database
            .SqlQuery<Numbered>(
                $"""
                UPDATE generations
                SET last_event = last_event + 1,
                    progress = greatest(progress, (SELECT floor(avg(progress))::int FROM generation_images WHERE generation_id = {generationId}))
                WHERE id = {generationId}
                RETURNING last_event AS "Seq", progress AS "Progress"
                """)
            .ToListAsync(cancellationToken);
        db.GenerationEvents.Add(new GenerationEvent
        {
            GenerationId = generationId,
            Seq = numbered[0].Seq,
            Type = type,
            Payload = JsonSerializer.Serialize(new { progress = numbered[0].Progress, image }, JsonSerializerOptions.Web),
            CreatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
    }
}
