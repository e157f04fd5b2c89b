using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// The worker's statements that tell something. Each follows a lock on its generations in its batch. All lock in one order: generations, then accounts,
/// each by their ids; and the API's acceptance takes accounts in the same order, so that no two can wait for each other.
/// </summary>
internal static class ImageStatements
{
    /// <summary>
    /// Appends an event and moves the bar to the mean of the images', never back. Needs the CTE <c>image</c>, one row if there is something to tell.
    /// $1 generation, $2 index, $3 type, $4 the image's progress.
    /// </summary>
    private const string Event = """
        before AS (
            SELECT (SELECT coalesce(sum(progress), 0)::integer FROM generation_images WHERE generation_id = $1 AND index <> $2) AS others),
        bar AS (
            UPDATE generations SET last_event = last_event + 1, progress = greatest(progress, (others + $4) / count)
            FROM image, before WHERE id = $1
            RETURNING user_id, last_event, progress),
        feed AS (UPDATE accounts SET last_event = accounts.last_event + 1 FROM bar WHERE accounts.user_id = bar.user_id RETURNING accounts.last_event),
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT $1, bar.last_event, bar.user_id, feed.last_event, $3, jsonb_build_object('progress', bar.progress, 'image', $2), now() FROM bar, feed)
        """;

    /// <summary>Where the bar is when an image, which is <paramref name="row"/> of the statement, is at <paramref name="mark"/>.</summary>
    private static string BarAt(string row, string mark) => $"""
        CASE count WHEN 1 THEN {mark} ELSE (
            (SELECT coalesce(sum(progress), 0)::integer FROM generation_images AS other WHERE generation_id = {row}.id AND other.index <> {row}.index) + {mark}) / count END
        """;

    /// <summary>
    /// Ids of predictions arrive. A column of each image: $1 generation, $2 index, $3 attempt, $4 token, $5 prediction, $6 how many events there are to
    /// tell, $7 and $8 the image's progress at each. Needs no claim: an id is true whoever holds it. Answers adopted, orphan (nobody waits for it any
    /// more) or taken (another image has it), in the order of the images.
    /// </summary>
    public static readonly string Adopt = $"""
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS one (id, index, attempt, token, prediction, told, submitted, reached, place)),
        run AS (
            INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at)
            SELECT prediction, id, index, attempt, NOT EXISTS (
                SELECT FROM generation_images AS image
                WHERE image.generation_id = asked.id AND image.index = asked.index AND status = 'submitting' AND image.attempt = asked.attempt AND image.token = asked.token), now()
            FROM asked
            ON CONFLICT DO NOTHING RETURNING generation_id, image_index, is_orphan),
        image AS (
            UPDATE generation_images AS image
            SET status = 'submitted', prediction_id = prediction, submitted_at = now(), refusals = 0, progress = greatest(progress, reached)
            FROM asked
            WHERE generation_id = asked.id AND image.index = asked.index AND EXISTS (SELECT FROM run WHERE generation_id = asked.id AND image_index = asked.index AND NOT is_orphan)
            RETURNING asked.*),
        bar AS (
            UPDATE generations
            SET last_event = last_event + told,
                progress = greatest(progress, {BarAt("image", "reached")})
            FROM image WHERE generations.id = image.id
            RETURNING image.*, user_id, last_event, count),
        {Feed("", "")},
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT id, last_event - told + nth, user_id, already + row_number() OVER (PARTITION BY user_id ORDER BY place, nth), type,
                jsonb_build_object('progress', {BarAt("bar", "mark")}, 'image', index), now()
            FROM bar JOIN feed USING (user_id) CROSS JOIN LATERAL (VALUES (1, 'submitted', submitted), (2, 'output', reached)) AS tell (nth, type, mark)
            WHERE nth <= told)
        SELECT CASE
            WHEN EXISTS (SELECT FROM image WHERE image.place = asked.place) THEN 'adopted'
            WHEN EXISTS (
                SELECT FROM generation_images AS image
                WHERE generation_id = asked.id AND image.index = asked.index AND prediction_id = prediction AND image.attempt = asked.attempt AND status = 'submitted') THEN 'adopted'
            WHEN EXISTS (SELECT FROM run WHERE generation_id = asked.id AND image_index = asked.index) THEN 'orphan'
            ELSE 'taken' END
        FROM asked ORDER BY place
        """;

    /// <summary>The image goes on: $5 claim. A repeated look tells nothing twice. Answers whether it told something.</summary>
    public const string Report = $"""
        WITH image AS (
            UPDATE generation_images SET progress = $4
            WHERE generation_id = $1 AND index = $2 AND progress < $4 AND {HoldsClaim}
            RETURNING 1),
        {Event}
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

    /// <summary>One image ends and others go on: $5 claim, $6 status, $7 error code, $8 key, $9 hash, $10 bytes, $11 width, $12 height. Answers whether it did.</summary>
    public const string End = $"""
        WITH image AS (
            UPDATE generation_images
            SET status = $6, error_code = $7, progress = greatest(progress, $4), completed_at = now(), storage_key = $8, sha256 = $9, bytes = $10, width = $11, height = $12
            WHERE generation_id = $1 AND index = $2 AND completed_at IS NULL AND ($6 <> 'succeeded' OR status = 'submitted') AND {HoldsClaim}
            RETURNING 1),
        {Event}
        SELECT EXISTS (SELECT FROM image)
        """;

    /// <summary>
    /// Last images end, and with each its job. $1 and $2 exchange and routing key of the facts, then a column of each job: $3 generation, $4 index, $5 claim,
    /// the image's $6 status, $7 error code, $8 progress, $9 key, $10 hash, $11 bytes, $12 width, $13 height; the job's $14 status, $15 charged, $16 refunded,
    /// $17 error code, $18 and $19 journals of capture and release, $20 and $21 id and body of the fact. Answers which did.
    /// </summary>
    public static readonly string Settle = $"""
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) WITH ORDINALITY AS one (
                id, index, claim, image_status, image_error, reached, key, hash, bytes, width, height, status, charged, refunded, error, capture_id, release_id, fact_id, fact,
                place)),
        bar AS (
            UPDATE generations
            SET status = asked.status, charged = asked.charged, refunded = asked.refunded, error_code = error, completed_at = now(), lease_until = NULL, due_at = NULL,
                hinted = false, last_event = last_event + CASE image_status WHEN 'succeeded' THEN 2 ELSE 1 END,
                progress = CASE WHEN asked.charged > 0 THEN {ProgressRules.Done} ELSE progress END
            FROM asked
            WHERE generations.id = asked.id AND generations.status = 'processing' AND lease_token = claim
                AND EXISTS (
                    SELECT FROM generation_images AS image
                    WHERE generation_id = asked.id AND image.index = asked.index AND completed_at IS NULL AND (image_status <> 'succeeded' OR image.status = 'submitted'))
                AND (count = 1 OR NOT EXISTS (SELECT FROM generation_images AS other WHERE generation_id = asked.id AND other.index <> asked.index AND completed_at IS NULL))
            RETURNING asked.*, CASE image_status WHEN 'succeeded' THEN 2 ELSE 1 END AS told, user_id, last_event, progress, count, trace_parent),
        image AS (
            UPDATE generation_images
            SET status = image_status, error_code = image_error, progress = greatest(generation_images.progress, reached), completed_at = now(), storage_key = key,
                sha256 = hash, bytes = bar.bytes, width = bar.width, height = bar.height
            FROM bar WHERE generation_id = bar.id AND generation_images.index = bar.index),
        {Feed("available = available + refunded, held = held - settled, ", ", sum(refunded) AS refunded, sum(charged + refunded) AS settled")},
        journal AS (
            INSERT INTO journals (id, kind, business_id, created_at)
            SELECT journal_id, kind, id::text, now() FROM bar, LATERAL (VALUES (capture_id, 'capture', charged), (release_id, 'release', refunded)) AS movement (journal_id, kind, amount)
            WHERE amount > 0),
        entry AS (
            INSERT INTO journal_entries (journal_id, user_id, account, amount)
            SELECT journal_id, owner, account, amount
            FROM bar, LATERAL (VALUES
                (capture_id, user_id, 'held', -charged), (capture_id, '{House}', 'revenue', charged), (release_id, user_id, 'held', -refunded), (release_id, user_id, 'available', refunded))
                AS side (journal_id, owner, account, amount)
            WHERE amount <> 0),
        event AS (
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT id, last_event - 2 + nth, user_id, already + row_number() OVER (PARTITION BY user_id ORDER BY place, nth), type,
                jsonb_build_object('progress', CASE nth WHEN 2 THEN progress ELSE {BarAt("bar", "reached")} END,
                    'image', index), now()
            FROM bar JOIN feed USING (user_id) CROSS JOIN LATERAL (VALUES (1, 'stored'), (2, status)) AS tell (nth, type)
            WHERE nth > 2 - told),
        message AS (
            INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at) SELECT fact_id, $1, $2, fact, trace_parent, now() FROM bar)
        SELECT id FROM bar
        """;

    /// <summary>Numbers for the events of <c>bar</c> in their users' feeds (<c>already</c> is the last one before them), with what else changes in their accounts.</summary>
    private static string Feed(string changes, string sums) => $"""
        feed AS (
            UPDATE accounts SET {changes}last_event = last_event + told
            FROM (SELECT user_id, sum(told) AS told{sums} FROM bar GROUP BY user_id) AS sums
            WHERE accounts.user_id = sums.user_id
            RETURNING accounts.user_id, last_event - told AS already)
        """;

    private const string HoldsClaim = "EXISTS (SELECT FROM generations WHERE id = $1 AND lease_token = $5 AND completed_at IS NULL)";

    private const string House = "00000000-0000-0000-0000-000000000000";
}
