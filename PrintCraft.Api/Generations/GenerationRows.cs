using Npgsql;

using PrintCraft.Api.Paging;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Generations;

/// <summary>Reads generations as answers show them: by hand, on the hot connections, because most of a read's cost is not the reading. Ownership is part of the WHERE.</summary>
public sealed class GenerationRows([FromKeyedServices(HotPath.Key)] NpgsqlDataSource database)
{
    /// <summary>One row per image. Nothing of the submission: its token is a secret.</summary>
    private const string Rows = """
        SELECT g.id, g.status, g.progress, g.prompt, g.negative_prompt, g.style, g.quality, g.width, g.height, g.seed, g.count, g.output_format, g.model,
            g.credits_per_image, g.charged, g.refunded, g.error_code, g.estimated_time, g.webhook_url, g.trace_parent, g.created_at, g.started_at, g.completed_at,
            g.deadline, i.index, i.seed, i.status, i.attempt, i.storage_key, i.sha256, i.bytes, i.width, i.height,
            g.reference_id, g.reference_strength, i.thumbnails_at
        FROM generations AS g JOIN generation_images AS i ON i.generation_id = g.id
        WHERE g.id = ANY($1) AND g.user_id = $2 AND g.hidden_at IS NULL ORDER BY g.id, i.index
        """;

    private const string Newest = """
        SELECT id, created_at FROM generations WHERE user_id = $1 AND hidden_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT $2
        """;

    private const string NewestBefore = """
        SELECT id, created_at FROM generations WHERE user_id = $1 AND hidden_at IS NULL AND (created_at, id) < ($3, $4)
        ORDER BY created_at DESC, id DESC LIMIT $2
        """;

    public async Task<Generation?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken) =>
        (await FindAsync(owner, [id], cancellationToken)).SingleOrDefault();

    /// <summary>Those that there are and that are the owner's, by id.</summary>
    public Task<List<Generation>> FindAsync(Guid owner, Guid[] ids, CancellationToken cancellationToken) =>
        ReadAsync(Rows, () => [Value(ids), Value(owner)], async (reader, token) =>
        {
            var found = new List<Generation>();
            while (await reader.ReadAsync(token))
            {
                if (found.Count == 0 || found[^1].Id != reader.GetGuid(0))
                {
                    found.Add(Row(reader, owner));
                }

                found[^1].Images.Add(Image(reader));
            }

            return found;
        }, cancellationToken);

    /// <summary>The places of a page in the owner's feed, newest first.</summary>
    /// <param name="after">The last place of the page before.</param>
    internal Task<List<FeedPlace>> PlacesAsync(Guid owner, int limit, FeedPlace? after, CancellationToken cancellationToken)
    {
        NpgsqlParameter[] Parameters() => after is { } place ? [Value(owner), Value(limit), Value(place.CreatedAt), Value(place.Id)] : [Value(owner), Value(limit)];
        return ReadAsync(after is null ? Newest : NewestBefore, Parameters, async (reader, token) =>
        {
            var found = new List<FeedPlace>(limit);
            while (await reader.ReadAsync(token))
            {
                found.Add(new FeedPlace(reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(0)));
            }

            return found;
        }, cancellationToken);
    }

    /// <summary>A connection that lay idle may have died with the server's last restart, so a broken one is replaced, once.</summary>
    private async Task<T> ReadAsync<T>(string statement, Func<NpgsqlParameter[]> parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadOnceAsync(statement, parameters, read, cancellationToken);
        }
        catch (NpgsqlException exception) when (Orders.IsBroken(exception))
        {
            database.Clear();
            return await ReadOnceAsync(statement, parameters, read, cancellationToken);
        }
    }

    private async Task<T> ReadOnceAsync<T>(string statement, Func<NpgsqlParameter[]> parameters, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(statement, parameters());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await read(reader, cancellationToken);
    }

    private static Generation Row(NpgsqlDataReader row, Guid owner) => new()
    {
        Id = row.GetGuid(0),
        UserId = owner,
        Status = Named<GenerationStatus>(row.GetString(1)),
        Progress = row.GetInt32(2),
        Prompt = row.GetString(3),
        NegativePrompt = row.GetString(4),
        Style = row.GetString(5),
        Quality = Named<Quality>(row.GetString(6)),
        Width = row.GetInt32(7),
        Height = row.GetInt32(8),
        Seed = row.GetInt64(9),
        Count = row.GetInt32(10),
        OutputFormat = row.GetString(11),
        Model = row.GetString(12),
        CreditsPerImage = row.GetInt32(13),
        Charged = row.GetInt32(14),
        Refunded = row.GetInt32(15),
        ErrorCode = Text(row, 16),
        EstimatedTime = row.GetInt32(17),
        WebhookUrl = Text(row, 18),
        TraceParent = Text(row, 19),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(20),
        StartedAt = Time(row, 21),
        CompletedAt = Time(row, 22),
        Deadline = row.GetFieldValue<DateTimeOffset>(23),
        ReferenceId = row.IsDBNull(33) ? null : row.GetGuid(33),
        ReferenceStrength = row.IsDBNull(34) ? null : row.GetDouble(34),
    };

    private static GenerationImage Image(NpgsqlDataReader row) => new()
    {
        GenerationId = row.GetGuid(0),
        Index = row.GetInt32(24),
        Seed = row.GetInt64(25),
        Status = Named<ImageStatus>(row.GetString(26)),
        Attempt = row.GetInt32(27),
        StorageKey = Text(row, 28),
        Sha256 = Text(row, 29),
        Bytes = row.IsDBNull(30) ? null : row.GetInt64(30),
        Width = row.IsDBNull(31) ? null : row.GetInt32(31),
        Height = row.IsDBNull(32) ? null : row.GetInt32(32),
        ThumbnailsAt = Time(row, 35),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static T Named<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);
}
