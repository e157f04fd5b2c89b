using Npgsql;

using PrintCraft.Core.Data;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Events;

/// <summary>An event as it is streamed.</summary>
/// <param name="Seq">Its number within the job.</param>
/// <param name="UserSeq">Its number among all events of the user.</param>
/// <param name="Image">Index of the image it is about, if it is about one.</param>
/// <param name="ErrorCode">Why, when the job failed.</param>
/// <param name="StorageKey">Of the first image, when the job succeeded.</param>
public sealed record EventRow(
    Guid GenerationId, int Seq, long UserSeq, string Type, int Progress, int? Image, DateTimeOffset CreatedAt, string? ErrorCode, string? StorageKey);

/// <summary>Which events: one job's, numbered within it, or all of a user's, numbered over all jobs.</summary>
public sealed record EventQuery(Guid UserId, Guid? GenerationId = null)
{
    public string Channel => GenerationId is null ? "user" : "generation";

    public long NumberOf(EventRow row) => GenerationId is null ? row.UserSeq : row.Seq;
}

/// <summary>
/// Reads events by their numbers: one round trip each, on a connection that is held no longer. The numbers are given under a lock that lasts to the
/// commit, so whoever has read one number never misses a lower one.
/// </summary>
public sealed class EventRows(IServiceScopeFactory scopes)
{
    /// <summary>As many as one read brings.</summary>
    public const int PageSize = 200;

    private const string Select = """
        SELECT event.generation_id, event.seq, event.user_seq, event.type, (event.payload->>'progress')::int, (event.payload->>'image')::int,
            event.created_at, generation.error_code, image.storage_key
        FROM generation_events AS event
        JOIN generations AS generation ON generation.id = event.generation_id AND generation.hidden_at IS NULL
        LEFT JOIN LATERAL (
            SELECT storage_key FROM generation_images WHERE generation_id = event.generation_id AND status = 'succeeded' ORDER BY index LIMIT 1) AS image
            ON event.type = 'succeeded'

        """;

    private const string OfUser = Select + "WHERE event.user_id = $1 AND event.user_seq > $2 ORDER BY event.user_seq LIMIT 200";
    private const string OfGeneration = Select + "WHERE event.generation_id = $1 AND event.user_id = $3 AND event.seq > $2 ORDER BY event.seq LIMIT 200";

    /// <summary>The next events after a number, oldest first.</summary>
    public async Task<IReadOnlyList<EventRow>> ReadAsync(EventQuery query, long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
        await using var command = query.GenerationId is { } id
            ? connection.Statement(OfGeneration, Value(id), Value(after), Value(query.UserId))
            : connection.Statement(OfUser, Value(query.UserId), Value(after));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadPageAsync(reader, cancellationToken);
    }

    /// <summary>Whether the user's generation is final, and its next events after a number; null when the user has no such generation.</summary>
    public async Task<(bool IsFinal, IReadOnlyList<EventRow> Page)?> OpenAsync(EventQuery query, long after, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
        // The state is read first: if it is final then, the page holds the final event.
        await using var batch = new NpgsqlBatch(connection)
            .Then("SELECT completed_at IS NOT NULL FROM generations WHERE id = $1 AND user_id = $2 AND hidden_at IS NULL", Value(query.GenerationId!.Value), Value(query.UserId))
            .Then(OfGeneration, Value(query.GenerationId.Value), Value(after), Value(query.UserId));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var isFinal = reader.GetBoolean(0);
        await reader.NextResultAsync(cancellationToken);
        return (isFinal, await ReadPageAsync(reader, cancellationToken));
    }

    /// <summary>The number of the user's newest event.</summary>
    public async Task<long> NewestAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
        await using var command = connection.Statement("SELECT last_event FROM accounts WHERE user_id = $1", Value(userId));
        return await command.ExecuteScalarAsync(cancellationToken) is long newest ? newest : 0;
    }

    private static async Task<IReadOnlyList<EventRow>> ReadPageAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var page = new List<EventRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            page.Add(new EventRow(
                reader.GetGuid(0),
                reader.GetInt32(1),
                reader.GetInt64(2),
                reader.GetString(3),
                reader.GetInt32(4),
                reader.IsDBNull(5) ? null : reader.GetInt32(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8)));
        }

        return page;
    }
}
