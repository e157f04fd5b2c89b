namespace PrintCraft.Worker.Generations;

/// <summary>
/// The worker's statements that tell something. Each follows <see cref="GenerationClaim.Lock"/> in its batch. All lock in one order: generation,
/// available, held, user; and the API's acceptance takes the last three in the same order, so that no two can wait for each other.
/// </summary>
internal static class ImageStatements
{
    /// <summary>
    /// Appends events and moves the bar to the mean of the images', never back. Needs the CTEs <c>image</c> (one row if there is something to tell) and
    /// <c>feed</c> (the user's new number). $1 generation, $2 index, $3 types, $4 the image's progress at each.
    /// </summary>
    private const string Events = """
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT $1, bar.last_event - cardinality($3) + place, bar.user_id, feed.last_event - cardinality($3) + place, type,
                jsonb_build_object('progress', CASE type WHEN 'succeeded' THEN 100 ELSE greatest(before.progress, (before.others + reached) / before.count) END, 'image', $2), now()
            FROM bar, feed, before, unnest($3, $4) WITH ORDINALITY AS told (type, reached, place))
        """;

    /// <summary>What the bar stands at, and the other images' part of it.</summary>
    private const string Before = """
        before AS (
            SELECT progress, count, (SELECT coalesce(sum(progress), 0)::integer FROM generation_images WHERE generation_id = $1 AND index <> $2) AS others
            FROM generations WHERE id = $1)
        """;

    private const string Bar = """
        bar AS (
            UPDATE generations
            SET last_event = last_event + cardinality($3), progress = greatest(generations.progress, (before.others + $4[cardinality($4)]) / before.count)
            FROM image, before WHERE id = $1
            RETURNING user_id, last_event)
        """;

    private const string Feed = """
        feed AS (UPDATE users SET last_event = users.last_event + cardinality($3) FROM bar WHERE users.id = bar.user_id RETURNING users.last_event)
        """;

    /// <summary>
    /// The provider's id arrives: $5 attempt, $6 token, $7 prediction. Needs no claim: the id is true whoever holds it. Answers adopted, orphan (nobody
    /// waits for it any more) or taken (another image has it).
    /// </summary>
    public const string Adopt = $"""
        WITH awaited AS (SELECT FROM generation_images WHERE generation_id = $1 AND index = $2 AND status = 'submitting' AND attempt = $5 AND token = $6),
        run AS (
            INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at)
            VALUES ($7, $1, $2, $5, NOT EXISTS (SELECT FROM awaited), now())
            ON CONFLICT DO NOTHING RETURNING is_orphan),
        image AS (
            UPDATE generation_images
            SET status = 'submitted', prediction_id = $7, submitted_at = now(), refusals = 0, progress = greatest(progress, $4[cardinality($4)])
            WHERE generation_id = $1 AND index = $2 AND EXISTS (SELECT FROM run WHERE NOT is_orphan)
            RETURNING 1),
        {Before},
        {Bar},
        {Feed},
        {Events}
        SELECT CASE WHEN EXISTS (SELECT FROM image) THEN 'adopted'
            WHEN EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND index = $2 AND prediction_id = $7 AND attempt = $5 AND status = 'submitted') THEN 'adopted'
            WHEN EXISTS (SELECT FROM run) THEN 'orphan'
            ELSE 'taken' END
        """;

    /// <summary>The image goes on: $5 claim. A repeated look tells nothing twice. Answers whether it told something.</summary>
    public const string Report = $"""
        WITH image AS (
            UPDATE generation_images SET progress = $4[cardinality($4)]
            WHERE generation_id = $1 AND index = $2 AND progress < $4[cardinality($4)] AND {HoldsClaim}
            RETURNING 1),
        {Before},
        {Bar},
        {Feed},
        {Events}
        SELECT EXISTS (SELECT FROM image)
        """;

    /// <summary>To be submitted again: $3 claim, $4 after what time, $5 whether the outcome stayed unknown. The id of its prediction is kept among the past ones.</summary>
    public const string SubmitAgain = """
        UPDATE generation_images
        SET status = 'pending', token = NULL, submit_intent_at = NULL, submitted_at = NULL, not_before = now() + $4,
            past_predictions = array_remove(array_append(past_predictions, prediction_id), NULL), prediction_id = NULL, unknowns = unknowns + $5
        WHERE generation_id = $1 AND index = $2 AND status IN ('submitting', 'submitted')
            AND EXISTS (SELECT FROM generations WHERE id = $1 AND lease_token = $3 AND completed_at IS NULL)
        RETURNING true
        """;

    /// <summary>One image ends and others go on: $5 claim, $6 to $12 see <see cref="EndImage"/>. Answers whether it did.</summary>
    public const string End = $"""
        WITH image AS ({EndImage} AND {HoldsClaim} RETURNING 1),
        {Before},
        {Bar},
        {Feed},
        {Events}
        SELECT EXISTS (SELECT FROM image)
        """;

    /// <summary>
    /// The last image ends, and with it the job: $13 status, $14 charged, $15 refunded, $16 error code, $17 and $18 journals of capture and release,
    /// $19 to $22 the fact for the outbox. Answers whether it did.
    /// </summary>
    public const string Settle = $"""
        WITH {Before},
        bar AS (
            UPDATE generations
            SET status = $13, charged = $14, refunded = $15, error_code = $16, completed_at = now(), lease_until = NULL, due_at = NULL, hinted = false,
                last_event = last_event + cardinality($3), progress = CASE WHEN $14 > 0 THEN 100 ELSE generations.progress END
            FROM before
            WHERE id = $1 AND status = 'processing' AND {HoldsClaim}
                AND NOT EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND index <> $2 AND completed_at IS NULL)
                AND EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND index = $2 AND completed_at IS NULL AND ($6 <> 'succeeded' OR status = 'submitted'))
            RETURNING user_id, last_event, trace_parent),
        image AS ({EndImage} AND EXISTS (SELECT FROM bar) RETURNING 1),
        available AS (
            UPDATE accounts SET balance = balance + $15 FROM bar
            WHERE $15 > 0 AND accounts.user_id = bar.user_id AND kind = 'available' RETURNING 1),
        held AS (
            UPDATE accounts SET balance = balance - $14 - $15 FROM bar
            WHERE accounts.user_id = bar.user_id AND kind = 'held' AND (SELECT count(*) FROM available) >= 0 RETURNING 1),
        journal AS (
            INSERT INTO journals (id, kind, business_id, created_at)
            SELECT id, kind, $1::text, now() FROM bar, (VALUES ($17, 'capture', $14), ($18, 'release', $15)) AS movement (id, kind, amount) WHERE amount > 0),
        entry AS (
            INSERT INTO journal_entries (journal_id, user_id, account, amount)
            SELECT id, coalesce(owner, bar.user_id), account, amount
            FROM bar, (VALUES ($17, NULL::uuid, 'held', -$14), ($17, '{House}', 'revenue', $14), ($18, NULL, 'held', -$15), ($18, NULL, 'available', $15))
                AS side (id, owner, account, amount)
            WHERE amount <> 0),
        feed AS (
            UPDATE users SET last_event = users.last_event + cardinality($3) FROM bar
            WHERE users.id = bar.user_id AND EXISTS (SELECT FROM held) RETURNING users.last_event),
        {Events},
        message AS (
            INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at) SELECT $19, $20, $21, $22, trace_parent, now() FROM bar)
        SELECT EXISTS (SELECT FROM image)
        """;

    /// <summary>$6 status, $7 error code, $8 key, $9 hash, $10 bytes, $11 width, $12 height.</summary>
    private const string EndImage = """
        UPDATE generation_images
        SET status = $6, error_code = $7, progress = greatest(progress, $4[cardinality($4)]), completed_at = now(), storage_key = $8, sha256 = $9, bytes = $10, width = $11,
            height = $12
        WHERE generation_id = $1 AND index = $2 AND completed_at IS NULL AND ($6 <> 'succeeded' OR status = 'submitted')
        """;

    private const string HoldsClaim = "EXISTS (SELECT FROM generations WHERE id = $1 AND lease_token = $5 AND completed_at IS NULL)";

    private const string House = "00000000-0000-0000-0000-000000000000";
}
