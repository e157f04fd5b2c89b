using System.Text.Json;

using Microsoft.EntityFrameworkCore;

using Npgsql;

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
    /// <summary>
    /// $1 whether the balance may hold credits that expire, $2 how many of these are taken, and a column of each order from $3 on. A user has one
    /// order at most. What workers wait for is by the database's clock. Answers which were paid.
    /// </summary>
    private const string Accept = """
        WITH orders AS MATERIALIZED (
            SELECT * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) AS one (
                user_id, id, credits, journal_id, progress, prompt, negative_prompt, style, quality, width, height, seed, count, output_format, model, credits_per_image,
                estimated_time, webhook_url, trace_parent, created_at, deadline, due_at, message_id, exchange, routing_key, body,
                reference_id, reference_strength)),
        paid AS (
            UPDATE accounts SET available = available - credits, held = held + credits, expiring = expiring - $2, last_event = last_event + 1
            FROM orders
            WHERE accounts.user_id = orders.user_id AND available >= credits AND (expiring = 0 OR $1)
            RETURNING orders.*, last_event),
        journal AS (INSERT INTO journals (id, kind, business_id, created_at) SELECT journal_id, 'hold', id::text, created_at FROM paid),
        entries AS (
            INSERT INTO journal_entries (journal_id, user_id, account, amount)
            SELECT journal_id, user_id, account, amount FROM paid, LATERAL (VALUES ('available', -credits), ('held', credits)) AS side (account, amount)),
        generation AS (
            INSERT INTO generations (id, user_id, status, progress, prompt, negative_prompt, style, quality, width, height, seed, count, output_format, model,
                credits_per_image, charged, refunded, estimated_time, webhook_url, trace_parent, created_at, deadline, due_at, hinted, lease_token, last_event, uses_grants, reference_id, reference_strength)
            SELECT id, user_id, 'pending', progress, prompt, negative_prompt, style, quality, width, height, seed, count, output_format, model,
                credits_per_image, 0, 0, estimated_time, webhook_url, trace_parent, created_at, now() + deadline, now() + due_at, false, 0, 1, $2 > 0, reference_id, reference_strength
            FROM paid),
        images AS (
            INSERT INTO generation_images (generation_id, index, seed, status, progress, attempt, refusals, past_predictions, unknowns)
            SELECT id, index, seed + index, 'pending', progress, 0, 0, '{}', 0 FROM paid, generate_series(0, count - 1) AS index),
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT id, 1, user_id, last_event, 'accepted', jsonb_build_object('progress', progress), created_at FROM paid),
        message AS (
            INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at) SELECT message_id, exchange, routing_key, body, trace_parent, created_at FROM paid)
        SELECT id FROM paid
        """;

    /// <summary>Several accounts are locked in one order by everybody, so that no two can wait for each other.</summary>
    public const string LockAccounts = "SELECT FROM accounts WHERE user_id = ANY ($1) ORDER BY user_id FOR UPDATE";

    /// <summary>
    /// Takes the holds of those who can pay without credits that expire, and writes everything for them, in one transaction. Answers for each whether;
    /// a false one is nothing written, and for <see cref="AcceptAsync"/> to look at.
    /// </summary>
    /// <param name="generations">Of different users.</param>
    public static async Task<IReadOnlyList<bool>> AcceptTogetherAsync(NpgsqlConnection connection, IReadOnlyList<Generation> generations, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (generations.Count > 1)
        {
            batch.Then(LockAccounts, Column(generations, generation => generation.UserId));
        }

        batch.Then(Accept, Parameters(generations, mayUseGrants: false, fromGrants: 0));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (generations.Count > 1)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        var accepted = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            accepted.Add(reader.GetGuid(0));
        }

        return [.. generations.Select(generation => accepted.Contains(generation.Id))];
    }

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
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(account => account.UserId == userId, cancellationToken);
        return (account?.Available ?? 0, account?.Expiring ?? 0);
    }

    private static async Task<bool> TryAsync(PrintCraftDb db, Generation generation, bool mayUseGrants, long fromGrants, CancellationToken cancellationToken)
    {
        var connection = await db.OpenAsync(cancellationToken);
        await using var command = connection.Statement(Accept, Parameters([generation], mayUseGrants, fromGrants));
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static NpgsqlParameter[] Parameters(IReadOnlyList<Generation> generations, bool mayUseGrants, long fromGrants)
    {
        OutboxMessage[] messages = [.. generations.Select(generation => OutboxMessage.Work(new StartGeneration(generation.Id), generation.TraceParent, generation.CreatedAt))];
        return
        [
            Value(mayUseGrants),
            Value(fromGrants),
            Column(generations, generation => generation.UserId),
            Column(generations, generation => generation.Id),
            Column(generations, generation => (long)generation.CreditsPerImage * generation.Count),
            Column(generations, generation => Guid.CreateVersion7(generation.CreatedAt)),
            Column(generations, generation => generation.Progress),
            Column(generations, generation => generation.Prompt),
            Column(generations, generation => generation.NegativePrompt),
            Column(generations, generation => generation.Style),
            Column(generations, generation => JsonNamingPolicy.CamelCase.ConvertName(generation.Quality.ToString())),
            Column(generations, generation => generation.Width),
            Column(generations, generation => generation.Height),
            Column(generations, generation => generation.Seed),
            Column(generations, generation => generation.Count),
            Column(generations, generation => generation.OutputFormat),
            Column(generations, generation => generation.Model),
            Column(generations, generation => generation.CreditsPerImage),
            Column(generations, generation => generation.EstimatedTime),
            Column(generations, generation => generation.WebhookUrl),
            Column(generations, generation => generation.TraceParent),
            Column(generations, generation => generation.CreatedAt),
            Column(generations, generation => generation.Deadline - generation.CreatedAt),
            Column(generations, generation => generation.DueAt!.Value - generation.CreatedAt),
            Column(messages, message => message.Id),
            Column(messages, message => message.Exchange),
            Column(messages, message => message.RoutingKey),
            JsonColumn(messages, message => message.Body),
            Column(generations, generation => generation.ReferenceId),
            Column(generations, generation => generation.ReferenceStrength),
        ];
    }
}
