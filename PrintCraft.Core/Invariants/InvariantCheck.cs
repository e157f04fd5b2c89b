using System.Security.Cryptography;

using Npgsql;

using PrintCraft.Core.Images;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Core.Invariants;

/// <summary>Something that must never be: which invariant, and what breaks it.</summary>
public sealed record Break(string Invariant, string What)
{
    public override string ToString() => $"{Invariant}: {What}";
}

/// <summary>
/// Looks whether everything that must always hold does (docs/generation-lifecycle.md, "Invariants"). Reads only. The statements see a database that
/// goes on working: each looks at what one transaction wrote, so that none reports what is merely under way.
/// </summary>
public static class InvariantCheck
{
    private const int MaxBreaks = 100;

    /// <summary>$1 is the id (UUIDv7) from which on rows are looked at. Each answers one column of text, one row per break.</summary>
    private static readonly (string Invariant, string Sql)[] Statements =
    [
        ("I1 every journal sums to zero", """
            SELECT 'journal ' || journal_id || ' sums to ' || sum(amount) FROM journal_entries WHERE journal_id >= $1 GROUP BY journal_id HAVING sum(amount) <> 0
            """),
        ("I2 a balance is the sum of its entries", """
            SELECT 'user ' || user_id || ': available ' || available || ', entries ' || free || '; held ' || held || ', entries ' || promised
            FROM accounts JOIN LATERAL (
                SELECT coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS free, coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS promised
                FROM journal_entries WHERE journal_entries.user_id = accounts.user_id) AS entries ON true
            WHERE (available <> free OR held <> promised) AND user_id IN (SELECT DISTINCT user_id FROM journal_entries WHERE journal_id >= $1)
            """),
        ("I3 nobody owes, and what will expire is there", """
            SELECT 'user ' || accounts.user_id || ': available ' || available || ', held ' || held || ', expiring ' || expiring || ', grants ' || left_over
            FROM accounts JOIN LATERAL (SELECT coalesce(sum(remaining), 0) AS left_over FROM grants WHERE grants.user_id = accounts.user_id) AS rest ON true
            WHERE (available < 0 OR held < 0 OR expiring <> left_over)
                AND accounts.user_id IN (SELECT DISTINCT user_id FROM journal_entries WHERE journal_id >= $1)
            """),
        ("I4 a job has one hold; a final one captured or released all of it, an open one nothing", """
            SELECT 'generation ' || id || ' (' || status || '): held ' || held || ', captured ' || captured || ', released ' || released
            FROM generations JOIN LATERAL (
                SELECT coalesce(sum(amount) FILTER (WHERE kind = 'hold'), 0) AS held, coalesce(sum(amount) FILTER (WHERE kind = 'capture'), 0) AS captured,
                    coalesce(sum(amount) FILTER (WHERE kind = 'release'), 0) AS released
                FROM journals JOIN journal_entries ON journal_id = journals.id AND amount > 0
                WHERE business_id = generations.id::text AND kind IN ('hold', 'capture', 'release')) AS moved ON true
            WHERE id >= $1 AND (held <> credits_per_image * count OR captured <> charged OR released <> refunded)
            """),
        ("I5 an accepted job exists and ends by its deadline", """
            SELECT 'generation ' || id || ' is ' || status || ' past its deadline of ' || deadline FROM generations WHERE due_at IS NOT NULL AND deadline < now() - interval '60 seconds'
            UNION ALL
            SELECT 'hold ' || journals.id || ' has no generation' FROM journals
            WHERE kind = 'hold' AND id >= $1 AND NOT EXISTS (SELECT FROM generations WHERE generations.id = business_id::uuid)
            """),
        ("I7 what was charged is what was made", """
            SELECT 'generation ' || id || ': charged ' || charged || ' for ' || made || ' images' FROM generations JOIN LATERAL (
                SELECT count(*) AS made FROM generation_images WHERE generation_id = generations.id AND generation_images.status = 'succeeded') AS images ON true
            WHERE id >= $1 AND completed_at IS NOT NULL AND charged <> made * credits_per_image
            """),
        ("I8 a message leaves within a minute while others do", """
            SELECT 'message ' || id || ' of ' || created_at FROM outbox
            WHERE sent_at IS NULL AND created_at < now() - interval '60 seconds' AND EXISTS (SELECT FROM outbox AS other WHERE other.sent_at > now() - interval '30 seconds')
            """),
        ("I9 every image that was made was bought, and by one image only", """
            SELECT 'image ' || index || ' of generation ' || generation_id || ' has prediction ' || coalesce(prediction_id, '(none)') FROM generation_images
            WHERE generation_id >= $1 AND status = 'succeeded' AND NOT EXISTS (
                SELECT FROM provider_runs WHERE provider_runs.prediction_id = generation_images.prediction_id AND provider_runs.generation_id = generation_images.generation_id
                    AND image_index = index AND NOT is_orphan)
            """),
        ("I10 events have no gaps, and the last one tells the end", """
            SELECT 'generation ' || id || ' (' || status || ', ' || last_event || ' events) has ' || told || ', the last is ' || coalesce(last, '(none)')
            FROM generations JOIN LATERAL (
                SELECT count(*) AS told, (array_agg(type ORDER BY seq DESC))[1] AS last FROM generation_events WHERE generation_id = generations.id) AS events ON true
            WHERE id >= $1 AND (told <> last_event OR (completed_at IS NOT NULL AND last <> status))
            """),
    ];

    private const string StoredFiles = """
        SELECT generation_id, index, storage_key, sha256, bytes FROM generation_images JOIN generations ON generations.id = generation_id
        WHERE generation_id >= $1 AND generation_images.status = 'succeeded' AND hidden_at IS NULL
        """;

    /// <summary>
    /// Looks at the newest jobs and whatever was written since, with the presence and length of files; null looks at all there is, with the content of files.
    /// </summary>
    /// <param name="newest">How many jobs.</param>
    public static async Task<IReadOnlyList<Break>> RunAsync(NpgsqlConnection connection, ImageStore images, int? newest, CancellationToken cancellationToken)
    {
        // Ids are UUIDv7: those of the journals and of the jobs go by the same time.
        await using var find = connection.Statement("SELECT id FROM generations ORDER BY id DESC OFFSET $1 LIMIT 1", Value(newest ?? 0));
        var first = newest is null ? Guid.Empty : await find.ExecuteScalarAsync(cancellationToken) as Guid? ?? Guid.Empty;
        var breaks = new List<Break>();
        foreach (var (invariant, sql) in Statements)
        {
            await using var command = connection.Statement($"{sql} LIMIT {MaxBreaks}", Value(first));
            command.CommandTimeout = 0;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                breaks.Add(new Break(invariant, reader.GetString(0)));
            }
        }

        await CheckFilesAsync(connection, images, first, withContent: newest is null, breaks, cancellationToken);
        return breaks;
    }

    /// <summary>I6: every stored image has its bytes.</summary>
    private static async Task CheckFilesAsync(NpgsqlConnection connection, ImageStore images, Guid first, bool withContent, List<Break> breaks, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(StoredFiles, Value(first));
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (generation, index, bytes) = (reader.GetGuid(0), reader.GetInt32(1), reader.GetInt64(4));
            await using var file = images.Open(reader.GetString(2));
            var problem = file is null ? "is missing"
                : file.Length != bytes ? $"has {file.Length} bytes instead of {bytes}"
                : withContent && Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)) != reader.GetString(3) ? "has other content"
                : null;
            if (problem is not null)
            {
                breaks.Add(new Break("I6 a stored image has its bytes", $"file {index} of generation {generation} {problem}"));
            }
        }
    }
}
