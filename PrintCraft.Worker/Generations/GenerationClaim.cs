using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// The right to work on one generation: a lease by the database's clock and a fencing token. Whoever claims next gets a higher token, and
/// every write below names its own, so a worker that was stopped and comes back late changes nothing.
/// </summary>
internal sealed record GenerationClaim(Guid Id, long Token)
{
    /// <summary>Claims this generation, unless it is final or somebody works on it.</summary>
    public static Task<GenerationClaim?> TakeAsync(PrintCraftDb db, Guid id, TimeSpan lease, CancellationToken cancellationToken) =>
        FirstAsync(
            db,
            $"""
            UPDATE generations
            SET status = 'processing', started_at = coalesce(started_at, now()), hinted = false,
                lease_until = now() + {lease}, due_at = now() + {lease}, lease_token = lease_token + 1
            WHERE id = {id} AND completed_at IS NULL AND (lease_until IS NULL OR lease_until < now())
            RETURNING id AS "Id", lease_token AS "Token"
            """,
            cancellationToken);

    /// <summary>Claims the generation that is due longest: a poll, a hint, a lost message or a dead worker's.</summary>
    public static Task<GenerationClaim?> TakeDueAsync(PrintCraftDb db, TimeSpan lease, CancellationToken cancellationToken) =>
        FirstAsync(
            db,
            $"""
            UPDATE generations
            SET status = 'processing', started_at = coalesce(started_at, now()), hinted = false,
                lease_until = now() + {lease}, due_at = now() + {lease}, lease_token = lease_token + 1
            WHERE id = (
                SELECT id FROM generations
                WHERE due_at <= now() AND completed_at IS NULL AND (lease_until IS NULL OR lease_until < now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id AS "Id", lease_token AS "Token"
            """,
            cancellationToken);

    /// <summary>Holds the claim longer; false when it was lost.</summary>
    public async Task<bool> RenewAsync(PrintCraftDb db, TimeSpan lease, CancellationToken cancellationToken) =>
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generations SET lease_until = now() + {lease}, due_at = CASE WHEN hinted THEN due_at ELSE now() + {lease} END
            WHERE id = {Id} AND lease_token = {Token} AND completed_at IS NULL
            """,
            cancellationToken) == 1;

    /// <summary>Gives the claim back, to be looked at after <paramref name="wait"/> or at the deadline, or at once when a webhook came meanwhile.</summary>
    public Task ReleaseAsync(PrintCraftDb db, TimeSpan wait, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generations SET lease_until = NULL, due_at = CASE WHEN hinted THEN now() ELSE least(now() + {wait}, deadline) END
            WHERE id = {Id} AND lease_token = {Token} AND completed_at IS NULL
            """,
            cancellationToken);

    /// <summary>
    /// Locks the row until the end of the transaction and answers the database's time; null when the claim was lost or the job is final.
    /// The first statement of a write, so that what follows sees all that the last holder of the lock committed.
    /// </summary>
    public async Task<DateTimeOffset?> LockAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        // ToList runs the statement as it is; anything composed on it would put FOR UPDATE into a subquery.
        var locked = await db.Database
            .SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" FROM generations WHERE id = {Id} AND lease_token = {Token} AND completed_at IS NULL FOR UPDATE""")
            .ToListAsync(cancellationToken);
        return locked.Count > 0 ? locked[0] : null;
    }

    private static async Task<GenerationClaim?> FirstAsync(PrintCraftDb db, FormattableString sql, CancellationToken cancellationToken) =>
        (await db.Database.SqlQuery<GenerationClaim>(sql).ToListAsync(cancellationToken)).SingleOrDefault();
}
