-- Fills an empty PrintCraft database with finished generations, as the product would have left them: every invariant of
-- PrintCraft.Core/Invariants holds, but that the files of their images do not exist. Variables: generations, users.
-- Users are seed-0, seed-1, …; their jobs lie between 25 days and one hour back, so that retention finds nothing to delete for an hour.
\set ON_ERROR_STOP on
SET synchronous_commit = off;
SET work_mem = '256MB';
-- No foreign keys are looked up: what follows is consistent by itself.
SET session_replication_role = replica;

CREATE FUNCTION pg_temp.v7(born timestamptz, salt text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM born) * 1000)::bigint), 12, '0') || '7' || substr(md5(salt), 1, 3) || '9' || substr(md5(salt), 4, 15))::uuid
$$;

-- DevelopmentCredential.UserId
CREATE TEMP TABLE seed_users AS
SELECT n, 'seed-' || n AS name, encode(set_byte(set_byte(hash, 6, get_byte(hash, 6) & 15 | 128), 8, get_byte(hash, 8) & 63 | 128), 'hex')::uuid AS id,
    pg_temp.v7(now() - interval '26 days', 'welcome' || n) AS welcome, pg_temp.v7(now() - interval '26 days', 'gift' || n) AS gift,
    (:generations + :users - 1 - n) / :users AS jobs
FROM generate_series(0, :users - 1) AS n, LATERAL (SELECT substring(sha256(convert_to('printcraft development user seed-' || n, 'UTF8')) FROM 1 FOR 16) AS hash) AS hashed;
ALTER TABLE seed_users ADD PRIMARY KEY (n);
ANALYZE seed_users;

INSERT INTO users (id, name, created_at) SELECT id, name, now() - interval '26 days' FROM seed_users;
INSERT INTO accounts (user_id, available, held, expiring, last_event) SELECT id, 50, 0, 0, jobs * 5 FROM seed_users;
INSERT INTO grants (id, user_id, kind, amount, expiries, created_at)
    SELECT welcome, id, 'welcome', 50, 0, now() - interval '26 days' FROM seed_users
    UNION ALL SELECT gift, id, 'admin', 4 * jobs, 0, now() - interval '26 days' FROM seed_users WHERE jobs > 0;
INSERT INTO journals (id, kind, business_id, created_at)
    SELECT welcome, 'grant', 'welcome:' || id, now() - interval '26 days' FROM seed_users
    UNION ALL SELECT gift, 'grant', gift::text, now() - interval '26 days' FROM seed_users WHERE jobs > 0;
INSERT INTO journal_entries (journal_id, user_id, account, amount)
    SELECT journal, owner, account, amount FROM seed_users, LATERAL (VALUES
        (welcome, '00000000-0000-0000-0000-000000000000'::uuid, 'promo', -50), (welcome, id, 'available', 50),
        (gift, '00000000-0000-0000-0000-000000000000', 'promo', -4 * jobs), (gift, id, 'available', 4 * jobs)) AS side (journal, owner, account, amount)
    WHERE amount <> 0;

CREATE TEMP TABLE seeds AS
SELECT seed_users.id AS user_id, job / :users AS earlier, born, pg_temp.v7(born, 'job' || job) AS id, pg_temp.v7(born, 'hold' || job) AS hold,
    pg_temp.v7(born + interval '2 s', 'capture' || job) AS capture, md5('prediction' || job) AS hash, job
FROM generate_series(0, :generations - 1) AS job
JOIN seed_users ON n = job % :users,
    LATERAL (SELECT now() - interval '25 days' + (interval '25 days' - interval '1 hour') * (job::float8 / :generations) AS born) AS times;

INSERT INTO generations (id, user_id, status, progress, prompt, negative_prompt, style, quality, width, height, seed, count, output_format, model, credits_per_image,
    charged, refunded, estimated_time, trace_parent, created_at, started_at, completed_at, deadline, hinted, lease_token, last_event, uses_grants)
SELECT id, user_id, 'succeeded', 100, 'A beautiful sunset over the mountains, number ' || job, 'blurry, low quality, watermark, text',
    (ARRAY['minimalist', 'watercolor', 'photorealistic', 'cartoon'])[1 + job % 4], 'standard', 1024, 1024, job, 1, 'png', 'stability-ai/sdxl', 4,
    4, 0, 15, '00-' || hash || '-' || left(hash, 16) || '-01', born, born + interval '1 s', born + interval '2 s', born + interval '15 min', false, 1, 5, false
FROM seeds ORDER BY job;

INSERT INTO generation_images (generation_id, index, seed, status, progress, attempt, refusals, submit_intent_at, token, prediction_id, past_predictions, unknowns,
    submitted_at, completed_at, storage_key, sha256, bytes, width, height)
SELECT id, 0, job, 'succeeded', 90, 1, 0, born + interval '1 s', md5('token' || job), left(hash, 26), '{}', 0,
    born + interval '1 s', born + interval '2 s', 'generations/' || user_id || '/' || id || '/0-' || left(hash, 16) || '.png', hash || hash, 50000, 1024, 1024
FROM seeds ORDER BY job;

INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at) SELECT left(hash, 26), id, 0, 1, false, born + interval '1 s' FROM seeds ORDER BY job;

INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
SELECT id, seq, user_id, earlier * 5 + seq, type, payload, born + later
FROM seeds, (VALUES
    (1, 'accepted', '{"progress": 10}'::jsonb, interval '0'), (2, 'submitted', '{"image": 0, "progress": 50}', '1 s'), (3, 'output', '{"image": 0, "progress": 80}', '1 s'),
    (4, 'stored', '{"image": 0, "progress": 90}', '2 s'), (5, 'succeeded', '{"image": 0, "progress": 100}', '2 s')) AS told (seq, type, payload, later)
ORDER BY job, seq;

INSERT INTO journals (id, kind, business_id, created_at)
SELECT journal, kind, id::text, born FROM seeds, LATERAL (VALUES (hold, 'hold'), (capture, 'capture')) AS movement (journal, kind) ORDER BY job;
INSERT INTO journal_entries (journal_id, user_id, account, amount)
SELECT journal, owner, account, amount FROM seeds, LATERAL (VALUES
    (hold, user_id, 'available', -4), (hold, user_id, 'held', 4), (capture, user_id, 'held', -4), (capture, '00000000-0000-0000-0000-000000000000'::uuid, 'revenue', 4))
    AS side (journal, owner, account, amount)
ORDER BY job;

-- What retention leaves: one day.
INSERT INTO outbox (id, exchange, routing_key, body, trace_parent, created_at, claimed_until, sent_at)
SELECT pg_temp.v7(born, key || job), exchange, key, body, '00-' || hash || '-' || left(hash, 16) || '-01', born, born + interval '30 s', born
FROM seeds, LATERAL (VALUES
    ('printcraft.work', 'generate', jsonb_build_object('generationId', id)),
    ('printcraft.facts', 'generation.finished', jsonb_build_object('generationId', id, 'userId', user_id, 'status', 'succeeded'))) AS message (exchange, key, body)
WHERE born > now() - interval '22 hours' ORDER BY job;
INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, location, body, created_at)
SELECT user_id, 'POST /api/v1/generations', hash, sha256(hash::bytea), 201, '/api/v1/generations/' || id, '{"id":"' || id || '"}', born FROM seeds WHERE born > now() - interval '22 hours' ORDER BY job;

DROP TABLE seeds, seed_users;
SET session_replication_role = DEFAULT;
