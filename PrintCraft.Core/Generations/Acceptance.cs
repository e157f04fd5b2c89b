using System.Text.Json;

using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Messaging;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Core.Generations;

/// <summary>
/// Accepts a generation: the hold with its journal, the rows, the first event and the message to the worker, all or nothing. The credits are
/// checked and taken by one UPDATE, so parallel callers cannot both have the last one; every other part hangs on it.
/// </summary>
public static class Acceptance
{
    /// <summary>$1 user, $2 generation, $3 credits, $4 now, $5 whether the balance may hold credits that expire, $6 how many of these are taken, $7 journal. What workers wait for is by the database's clock.</summary>
    private const string Accept = """
        WITH paid AS (
            UPDATE accounts SET balance = balance - $3, expiring = expiring - $6
            WHERE user_id = $1 AND kind = 'available' AND balance >= $3 AND (expiring = 0 OR $5)
            RETURNING 1),
        held AS (UPDATE accounts SET balance = balance + $3 WHERE user_id = $1 AND kind = 'held' AND EXISTS (SELECT FROM paid) RETURNING 1),
        feed AS (UPDATE users SET last_event = last_event + 1 WHERE id = $1 AND EXISTS (SELECT FROM held) RETURNING last_event),
        journal AS (INSERT INTO journals (id, kind, business_id, created_at) SELECT $7, 'hold', $2::text, $4 FROM feed),
        entries AS (
            INSERT INTO journal_entries (journal_id, user_id, account, amount)
            SELECT $7, $1, account, amount FROM feed, (VALUES ('available', -$3), ('held', $3)) AS sides (account, amount)),
        generation AS (
            INSERT INTO generations (id, user_id, status, progress, prompt, negative_prompt, style, quality, width, height, seed, count, output_format, model,
                credits_per_image, charged, refunded, estimated_time, webhook_url, trace_parent, created_at, deadline, due_at, hinted, lease_token, last_event, uses_grants)
            SELECT $2, $1, 'pending', $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, 0, $20, $21, $22, $4, now() + ($23 - $4), now() + ($24 - $4), false, 0, 1, $6 > 0 FROM feed),
        images AS (
            INSERT INTO generation_images (generation_id, index, seed, status, progress, attempt, refusals, past_predictions, unknowns)
            SELECT $2, index, $15 + index, 'pending', $8, 0, 0, '{}', 0 FROM feed, generate_series(0, $16 - 1) AS index),
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT $2, 1, $1, last_event, 'accepted', jsonb_build_object('progress', $8), $4 FROM feed),
        message AS (INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at) SELECT $25, $26, $27, $28, $22, $4 FROM feed)
        SELECT EXISTS (SELECT FROM feed)
        """;

    /// <summary>
    /// Takes the hold and writes everything, in the transaction that is open, or else in one of its own. When there are not enough credits
    /// nothing is written, and the answer tells the balance.
    /// </summary>
    public static async Task<HoldResult> AcceptAsync(this PrintCraftDb db, Generation generation, CancellationToken cancellationToken)
    {
        if (await TryAsync(db, generation, mayUseGrants: false, fromGrants: 0, cancellationToken))
        {
            return new HoldResult(true, 0);
        }

        // Not enough; or, which is rare, some of the credits expire, and these are spent first.
        var (balance, expiring) = await BalanceAsync(db, generation.UserId, cancellationToken);
        if (expiring == 0 || balance < generation.CreditsPerImage * generation.Count)
        {
            return new HoldResult(false, balance);
        }

        if (db.Database.CurrentTransaction is not null)
        {
            return await AcceptWithGrantsAsync(db, generation, cancellationToken);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await AcceptWithGrantsAsync(db, generation, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static async Task<HoldResult> AcceptWithGrantsAsync(PrintCraftDb db, Generation generation, CancellationToken cancellationToken)
    {
        var shares = await db.SpendGrantsAsync(generation.UserId, generation.CreditsPerImage * generation.Count, cancellationToken);
        if (!await TryAsync(db, generation, mayUseGrants: true, shares.Sum(share => share.Amount), cancellationToken))
        {
            return new HoldResult(false, (await BalanceAsync(db, generation.UserId, cancellationToken)).Balance);
        }

        await db.UseGrantsAsync(generation.Id, shares, cancellationToken);
        return new HoldResult(true, 0);
    }

    private static async Task<(long Balance, long Expiring)> BalanceAsync(PrintCraftDb db, Guid userId, CancellationToken cancellationToken)
    {
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.UserId == userId && account.Kind == AccountKind.Available, cancellationToken);
        return (account?.Balance ?? 0, account?.Expiring ?? 0);
    }

    private static async Task<bool> TryAsync(PrintCraftDb db, Generation generation, bool mayUseGrants, long fromGrants, CancellationToken cancellationToken)
    {
        var connection = await db.OpenAsync(cancellationToken);
        var message = OutboxMessage.Work(new StartGeneration(generation.Id), generation.CreatedAt);
        await using var command = connection.Statement(
            Accept,
            Value(generation.UserId),
            Value(generation.Id),
            Value((long)generation.CreditsPerImage * generation.Count),
            Value(generation.CreatedAt),
            Value(mayUseGrants),
            Value(fromGrants),
            Value(Guid.CreateVersion7(generation.CreatedAt)),
            Value(generation.Progress),
            Text(generation.Prompt),
            Text(generation.NegativePrompt),
            Text(generation.Style),
            Text(JsonNamingPolicy.CamelCase.ConvertName(generation.Quality.ToString())),
            Value(generation.Width),
            Value(generation.Height),
            Value(generation.Seed),
            Value(generation.Count),
            Text(generation.OutputFormat),
            Text(generation.Model),
            Value(generation.CreditsPerImage),
            Value(generation.EstimatedTime),
            Text(generation.WebhookUrl),
            Text(generation.TraceParent),
            Value(generation.Deadline),
            Value(generation.DueAt!.Value),
            Value(message.Id),
            Text(message.Exchange),
            Text(message.RoutingKey),
            Json(message.Body));
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
