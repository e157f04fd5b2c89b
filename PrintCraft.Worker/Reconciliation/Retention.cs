using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>Deletes what is past its time, a batch after the other, so that no lock is held for long.</summary>
internal sealed class Retention(IOptions<ReconciliationOptions> options) : IChore
{
    private const int BatchSize = 5_000;

    private static readonly string Keys = Batch("idempotency_keys", "created_at < now() - $1");
    private static readonly string Outbox = Batch("outbox", "sent_at < now() - $1");
    private static readonly string DeadLetters = Batch("dead_letters", "replayed_at < now() - $1");
    private static readonly string Letters = Batch("letters", "due_at IS NULL AND created_at < now() - $1");
    private static readonly string Sessions = Batch("sessions", "expires_at < now() - $1");

    /// <summary>The job's id is a UUIDv7: an index range instead of a scan.</summary>
    private static readonly string Events = Batch(
        "generation_events",
        """
        generation_id < (lpad(to_hex((extract(epoch FROM now() - $1) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
            AND EXISTS (SELECT FROM generations WHERE id = generation_id AND completed_at < now() - $1)
        """);

    public TimeSpan Interval => options.Value.RetentionInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await DeleteAsync(connection, Keys, IdempotencyKey.Lifetime, cancellationToken)
        + await DeleteAsync(connection, Outbox, options.Value.OutboxRetention, cancellationToken)
        + await DeleteAsync(connection, DeadLetters, options.Value.EventRetention, cancellationToken)
        + await DeleteAsync(connection, Letters, options.Value.LetterRetention, cancellationToken)
        + await DeleteAsync(connection, Sessions, options.Value.LetterRetention, cancellationToken)
        + await DeleteAsync(connection, Events, options.Value.EventRetention, cancellationToken);

    private static async Task<int> DeleteAsync(NpgsqlConnection connection, string sql, TimeSpan age, CancellationToken cancellationToken)
    {
        var total = 0;
        for (var deleted = BatchSize; deleted == BatchSize; total += deleted)
        {
            await using var command = connection.Statement(sql, Value(age), Value(BatchSize));
            deleted = await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return total;
    }

    private static string Batch(string table, string isPast) =>
        $"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {isPast} LIMIT $2 FOR UPDATE SKIP LOCKED)";
}
