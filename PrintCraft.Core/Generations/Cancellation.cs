using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Messaging;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Core.Generations;

/// <summary>What became of the wish to end a generation.</summary>
public enum CancelOutcome
{
    /// <summary>It had not begun, and has ended; everything was given back.</summary>
    Canceled,

    /// <summary>A worker has it and will end it.</summary>
    Requested,

    /// <summary>It was cancelled before.</summary>
    AlreadyCanceled,

    /// <summary>It has succeeded or failed.</summary>
    AlreadyFinal,

    /// <summary>The user has no such generation.</summary>
    NotFound,
}

/// <param name="Style">Of the one that was ended here.</param>
/// <param name="Age">From acceptance to the end of the one that was ended here.</param>
public readonly record struct CancelResult(CancelOutcome Outcome, string? Style = null, TimeSpan Age = default);

/// <summary>
/// Ends a generation at its owner's wish. One that waits is ended here, in one statement that a worker's claim either comes before or after; one
/// that runs is only marked, because what the provider does with it is the worker's to settle. A crash before the commit leaves nothing.
/// </summary>
public static class Cancellation
{
    /// <summary>
    /// $1 generation, $2 user, $3 journal, $4 to $7 the fact for the outbox. Locks as everybody: generation, then account. Answers whether
    /// the hold used grants and what it was, style and age; nothing when the generation does not wait.
    /// </summary>
    private const string CancelPending = """
        WITH job AS (
            UPDATE generations
            SET status = 'canceled', completed_at = now(), cancel_requested_at = now(), refunded = credits_per_image * count, due_at = NULL, lease_until = NULL, hinted = false,
                last_event = last_event + 1
            WHERE id = $1 AND user_id = $2 AND status = 'pending'
            RETURNING refunded::bigint AS refunded, credits_per_image, count, uses_grants, last_event, progress, trace_parent, style, completed_at - created_at AS age),
        feed AS (
            UPDATE accounts SET available = available + refunded, held = held - refunded, last_event = accounts.last_event + 1 FROM job WHERE accounts.user_id = $2
            RETURNING accounts.last_event),
        image AS (UPDATE generation_images SET status = 'canceled', completed_at = now() FROM job WHERE generation_id = $1 AND generation_images.completed_at IS NULL),
        journal AS (INSERT INTO journals (id, kind, business_id, created_at) SELECT $3, 'release', $1::text, now() FROM feed),
        entry AS (
            INSERT INTO journal_entries (journal_id, user_id, account, amount)
            SELECT $3, $2, account, amount FROM feed, job, LATERAL (VALUES ('held', -refunded), ('available', refunded)) AS side (account, amount)),
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT $1, job.last_event, $2, feed.last_event, 'canceled', jsonb_build_object('progress', progress, 'image', NULL), now() FROM job, feed),
        message AS (
            INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at) SELECT $4, $5, $6, $7, trace_parent, now() FROM job, feed)
        SELECT uses_grants, credits_per_image, count, style, age FROM job, feed
        """;

    private const string RequestCancel = """
        UPDATE generations SET cancel_requested_at = coalesce(cancel_requested_at, now()), due_at = now(), hinted = true
        WHERE id = $1 AND user_id = $2 AND status = 'processing'
        """;

    /// <summary>Ends it or has it ended. Safe to repeat and to race with the worker: a status only goes forward, and is asked for in that order.</summary>
    public static async Task<CancelResult> CancelAsync(this PrintCraftDb db, Guid id, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (await CancelPendingAsync(db, id, userId, now, cancellationToken) is { } canceled)
            {
                await transaction.CommitAsync(cancellationToken);
                return canceled;
            }
        }

        var connection = await db.OpenAsync(cancellationToken);
        await using var request = connection.Statement(RequestCancel, Value(id), Value(userId));
        if (await request.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            return new(CancelOutcome.Requested);
        }

        await using var read = connection.Statement("SELECT status FROM generations WHERE id = $1 AND user_id = $2 AND hidden_at IS NULL", Value(id), Value(userId));
        return new(await read.ExecuteScalarAsync(cancellationToken) switch
        {
            null => CancelOutcome.NotFound,
            "canceled" => CancelOutcome.AlreadyCanceled,
            _ => CancelOutcome.AlreadyFinal,
        });
    }

    private static async Task<CancelResult?> CancelPendingAsync(PrintCraftDb db, Guid id, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = await db.OpenAsync(cancellationToken);
        var fact = OutboxMessage.Fact(new GenerationFinished(id, userId, "canceled"), null, now);
        await using var cancel = connection.Statement(
            CancelPending, Value(id), Value(userId), Value(Guid.CreateVersion7(now)), Value(fact.Id), Text(fact.Exchange), Text(fact.RoutingKey), Json(fact.Body));
        CancelResult canceled;
        (bool UsesGrants, int CreditsPerImage, int Count) ended;
        await using (var reader = await cancel.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            canceled = new(CancelOutcome.Canceled, reader.GetString(3), reader.GetTimeSpan(4));
            ended = (reader.GetBoolean(0), reader.GetInt32(1), reader.GetInt32(2));
        }

        if (ended.UsesGrants)
        {
            await db.GiveBackGrantsAsync(id, userId, ended.CreditsPerImage * ended.Count, ended.CreditsPerImage * ended.Count, cancellationToken);
        }

        return canceled;
    }
}
