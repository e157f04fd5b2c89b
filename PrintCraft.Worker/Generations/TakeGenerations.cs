using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Claims generations and commits, for every image that may be submitted now, the intent to do so: many jobs in one round trip and one
/// transaction. From then on the broker's message is not needed: whoever finds the intent knows that the provider may have been asked. A crash
/// after it leaves a lease that runs out, and then an intent that <see cref="FindSubmission"/> clears up.
/// </summary>
internal static class TakeGenerations
{
    /// <summary>$1 ids, $2 lease, $3 whether anything may be submitted.</summary>
    private const string Claim = """
        WITH free AS (
            SELECT id FROM generations
            WHERE id = ANY ($1) AND completed_at IS NULL AND (lease_until IS NULL OR lease_until < now())
            ORDER BY id FOR UPDATE {0}),
        claimed AS (
            UPDATE generations
            SET status = 'processing', started_at = coalesce(started_at, now()), hinted = false, lease_until = now() + $2, lease_token = lease_token + 1
            FROM free WHERE generations.id = free.id
            RETURNING generations.id, lease_token, deadline, cancel_requested_at),
        intended AS (
            UPDATE generation_images
            SET status = 'submitting', attempt = attempt + 1, token = replace(gen_random_uuid()::text, '-', ''), submit_intent_at = now(), not_before = NULL,
                prediction_id = NULL
            FROM claimed
            WHERE generation_id = id AND status = 'pending' AND (not_before IS NULL OR not_before <= now()) AND deadline > now() AND cancel_requested_at IS NULL AND $3
            RETURNING generation_id, index)
        SELECT id, lease_token, clock_timestamp(), ARRAY (SELECT index FROM intended WHERE generation_id = id) FROM claimed
        """;

    /// <summary>
    /// A statement of its own: it sees what the last holders of these claims committed. OFFSET 0 keeps the planner from joining whole tables, which it likes
    /// while they are young.
    /// </summary>
    private const string Rows = """
        SELECT job.id, user_id, prompt, negative_prompt, style, quality, job.width, job.height, job.seed, count, output_format, model,
            credits_per_image, estimated_time, trace_parent, job.created_at, deadline, cancel_requested_at, uses_grants, job.progress,
            index, image.seed, image.status, image.progress, attempt, refusals, not_before, submit_intent_at, token, prediction_id, past_predictions, unknowns, submitted_at,
            image.error_code, reference_id, reference_strength
        FROM unnest($1) AS wanted (id)
        CROSS JOIN LATERAL (SELECT * FROM generations WHERE generations.id = wanted.id OFFSET 0) AS job
        CROSS JOIN LATERAL (SELECT * FROM generation_images WHERE generation_id = wanted.id OFFSET 0) AS image
        ORDER BY job.id, index
        """;

    private static readonly string ClaimWaiting = Claim.Replace("{0}", "", StringComparison.Ordinal);
    private static readonly string ClaimSkipping = Claim.Replace("{0}", "SKIP LOCKED", StringComparison.Ordinal);

    /// <summary>Ids of generations whose time has come: a poll, a hint, a lost message or a dead worker's.</summary>
    public static async Task<Guid[]> DueAsync(NpgsqlDataSource database, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(
            "SELECT id FROM generations WHERE due_at <= now() AND (lease_until IS NULL OR lease_until < now()) ORDER BY due_at LIMIT $1", Value(limit));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return [.. ids];
    }

    /// <summary>Claims those of the generations that are not final and that nobody works on.</summary>
    /// <param name="skipLocked">Leave a row alone that somebody is changing right now, instead of waiting for him.</param>
    /// <param name="maySubmit">False while the provider must not be asked: pending images stay pending.</param>
    public static async Task<IReadOnlyList<PreparedRun>> ClaimAsync(
        NpgsqlDataSource database, Guid[] ids, TimeSpan lease, bool skipLocked, bool maySubmit, long timestamp, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
            .Then(skipLocked ? ClaimSkipping : ClaimWaiting, Value(ids), Value(lease), Value(maySubmit))
            .Then(Rows, Value(ids));
        // An intent that is committed must be one that is acted on: from here nothing may be cancelled.
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        var claimed = new Dictionary<Guid, (long Token, DateTimeOffset Now, int[] ToSubmit)>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            claimed[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<int[]>(3));
        }

        await reader.NextResultAsync(CancellationToken.None);
        var runs = new List<PreparedRun>(claimed.Count);
        Generation? generation = null;
        while (await reader.ReadAsync(CancellationToken.None))
        {
            var id = reader.GetGuid(0);
            if (!claimed.TryGetValue(id, out var claim))
            {
                continue;
            }

            if (generation?.Id != id)
            {
                AddRun();
                generation = ReadGeneration(reader, id);
            }

            generation!.Images.Add(ReadImage(reader, id));
        }

        AddRun();
        return runs;

        void AddRun()
        {
            if (generation is not null)
            {
                var (token, now, toSubmit) = claimed[generation.Id];
                runs.Add(new PreparedRun(new GenerationClaim(generation.Id, token), generation, toSubmit.ToHashSet(), now, timestamp));
            }
        }
    }

    private static Generation ReadGeneration(NpgsqlDataReader reader, Guid id) => new()
    {
        Id = id,
        UserId = reader.GetGuid(1),
        Status = GenerationStatus.Processing,
        Prompt = reader.GetString(2),
        NegativePrompt = reader.GetString(3),
        Style = reader.GetString(4),
        Quality = Enum.Parse<Quality>(reader.GetString(5), ignoreCase: true),
        Width = reader.GetInt32(6),
        Height = reader.GetInt32(7),
        Seed = reader.GetInt64(8),
        Count = reader.GetInt32(9),
        OutputFormat = reader.GetString(10),
        Model = reader.GetString(11),
        CreditsPerImage = reader.GetInt32(12),
        EstimatedTime = reader.GetInt32(13),
        TraceParent = reader.IsDBNull(14) ? null : reader.GetString(14),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(15),
        Deadline = reader.GetFieldValue<DateTimeOffset>(16),
        CancelRequestedAt = Time(reader, 17),
        UsesGrants = reader.GetBoolean(18),
        Progress = reader.GetInt32(19),
        ReferenceId = reader.IsDBNull(34) ? null : reader.GetGuid(34),
        ReferenceStrength = reader.IsDBNull(35) ? null : reader.GetDouble(35),
    };

    private static GenerationImage ReadImage(NpgsqlDataReader reader, Guid id) => new()
    {
        GenerationId = id,
        Index = reader.GetInt32(20),
        Seed = reader.GetInt64(21),
        Status = Enum.Parse<ImageStatus>(reader.GetString(22), ignoreCase: true),
        Progress = reader.GetInt32(23),
        Attempt = reader.GetInt32(24),
        Refusals = reader.GetInt32(25),
        NotBefore = Time(reader, 26),
        SubmitIntentAt = Time(reader, 27),
        Token = reader.IsDBNull(28) ? null : reader.GetString(28),
        PredictionId = reader.IsDBNull(29) ? null : reader.GetString(29),
        PastPredictions = reader.GetFieldValue<List<string>>(30),
        Unknowns = reader.GetInt32(31),
        SubmittedAt = Time(reader, 32),
        ErrorCode = reader.IsDBNull(33) ? null : reader.GetString(33),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
