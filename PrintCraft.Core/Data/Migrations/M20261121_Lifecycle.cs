using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PrintCraft.Core.Data.Migrations;

/// <summary>
/// Idempotency keys, grants that expire, cancel and delete, events numbered per user, provider spend and dead letters. Leaves out what only
/// made writes dearer: rows that are often updated keep room for it on their page, and lose the indexes that nobody reads.
/// </summary>
[DbContext(typeof(PrintCraftDb))]
[Migration("20261121120000_Lifecycle")]
internal sealed class M20261121_Lifecycle : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            -- Grants. The sum of what is left of a user's expiring grants stands beside the balance, so that a hold knows whether to look at them.
            CREATE TABLE grants (
                id uuid NOT NULL CONSTRAINT pk_grants PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_grants_users_user_id REFERENCES users ON DELETE RESTRICT,
                kind text NOT NULL CONSTRAINT ck_grants_kind CHECK (kind IN ('welcome', 'admin', 'promo')),
                amount bigint NOT NULL CONSTRAINT ck_grants_amount CHECK (amount > 0),
                remaining bigint,
                expires_at timestamptz,
                expiries integer NOT NULL,
                reason text,
                granted_by uuid,
                created_at timestamptz NOT NULL,
                CONSTRAINT ck_grants_remaining CHECK ((remaining IS NULL) = (expires_at IS NULL) AND remaining BETWEEN 0 AND amount)
            );
            CREATE INDEX ix_grants_user_id ON grants (user_id);
            CREATE INDEX ix_grants_expires_at ON grants (expires_at) WHERE remaining > 0;
            CREATE TABLE grant_uses (
                generation_id uuid NOT NULL CONSTRAINT fk_grant_uses_generations_generation_id REFERENCES generations ON DELETE RESTRICT,
                grant_id uuid NOT NULL CONSTRAINT fk_grant_uses_grants_grant_id REFERENCES grants ON DELETE RESTRICT,
                amount bigint NOT NULL CONSTRAINT ck_grant_uses_amount CHECK (amount > 0),
                CONSTRAINT pk_grant_uses PRIMARY KEY (generation_id, grant_id)
            );
            CREATE INDEX ix_grant_uses_grant_id ON grant_uses (grant_id);
            INSERT INTO grants (id, user_id, kind, amount, expiries, created_at)
                SELECT journals.id, journal_entries.user_id, 'welcome', amount, 0, journals.created_at
                FROM journals JOIN journal_entries ON journal_id = journals.id
                WHERE kind = 'grant' AND account = 'available';
            ALTER TABLE accounts ADD expiring bigint NOT NULL DEFAULT 0;
            ALTER TABLE accounts ALTER expiring DROP DEFAULT;
            ALTER TABLE accounts ADD CONSTRAINT ck_accounts_expiring CHECK (expiring BETWEEN 0 AND balance);
            ALTER TABLE journals DROP CONSTRAINT ck_journals_kind;
            ALTER TABLE journals ADD CONSTRAINT ck_journals_kind CHECK (kind IN ('grant', 'expire', 'hold', 'capture', 'release'));
            DROP INDEX ix_journal_entries_user_id_account;
            CREATE INDEX ix_journal_entries_user_id_journal_id ON journal_entries (user_id, journal_id);

            -- The first answer to a request that creates or pays.
            CREATE TABLE idempotency_keys (
                user_id uuid NOT NULL CONSTRAINT fk_idempotency_keys_users_user_id REFERENCES users ON DELETE RESTRICT,
                route text NOT NULL,
                key text NOT NULL,
                fingerprint bytea NOT NULL,
                status integer,
                location text,
                body text,
                created_at timestamptz NOT NULL,
                CONSTRAINT pk_idempotency_keys PRIMARY KEY (user_id, route, key)
            );
            CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

            -- Cancel, delete.
            ALTER TABLE generations ADD cancel_requested_at timestamptz;
            ALTER TABLE generations ADD hidden_at timestamptz;
            ALTER TABLE generations ADD purged_at timestamptz;
            ALTER TABLE generations ADD uses_grants boolean NOT NULL DEFAULT false;
            ALTER TABLE generations ALTER uses_grants DROP DEFAULT;
            ALTER TABLE generations ADD CONSTRAINT ck_generations_hidden CHECK (hidden_at IS NULL OR completed_at IS NOT NULL);
            ALTER TABLE generations ADD CONSTRAINT ck_generations_purged CHECK (purged_at IS NULL OR hidden_at IS NOT NULL);
            CREATE INDEX ix_generations_hidden_at ON generations (hidden_at) WHERE hidden_at IS NOT NULL AND purged_at IS NULL;

            -- A user's events have one sequence over all of his jobs.
            ALTER TABLE users ADD last_event bigint NOT NULL DEFAULT 0;
            ALTER TABLE users ALTER last_event DROP DEFAULT;
            ALTER TABLE generation_events ADD user_id uuid, ADD user_seq bigint;
            UPDATE generation_events SET user_id = numbered.user_id, user_seq = numbered.user_seq
                FROM (SELECT generation_id, seq, generations.user_id,
                        row_number() OVER (PARTITION BY generations.user_id ORDER BY generation_events.created_at, generation_id, seq) AS user_seq
                    FROM generation_events JOIN generations ON generations.id = generation_id) AS numbered
                WHERE generation_events.generation_id = numbered.generation_id AND generation_events.seq = numbered.seq;
            UPDATE users SET last_event = (SELECT count(*) FROM generation_events WHERE user_id = users.id);
            ALTER TABLE generation_events ALTER user_id SET NOT NULL, ALTER user_seq SET NOT NULL;
            CREATE UNIQUE INDEX ix_generation_events_user_id_user_seq ON generation_events (user_id, user_seq);
            -- Written only by statements that change the generation's row; the check cost as much as the insert.
            ALTER TABLE generation_events DROP CONSTRAINT fk_generation_events_generations_generation_id;

            -- Every prediction that was bought, also the ones that nobody waits for any more. Its key is what keeps one from being used twice.
            CREATE TABLE provider_runs (
                prediction_id text NOT NULL CONSTRAINT pk_provider_runs PRIMARY KEY,
                generation_id uuid NOT NULL,
                image_index integer NOT NULL,
                attempt integer NOT NULL,
                is_orphan boolean NOT NULL,
                created_at timestamptz NOT NULL
            );
            CREATE INDEX ix_provider_runs_generation_id ON provider_runs (generation_id);
            INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at)
                SELECT prediction_id, generation_id, index, attempt, false, submitted_at FROM generation_images WHERE submitted_at IS NOT NULL AND prediction_id IS NOT NULL;
            DROP INDEX ix_generation_images_prediction_id;
            DROP INDEX ix_generation_images_token;

            -- Messages that no consumer could take.
            CREATE TABLE dead_letters (
                id uuid NOT NULL CONSTRAINT pk_dead_letters PRIMARY KEY,
                queue text NOT NULL,
                message_id text,
                body text NOT NULL,
                reason text NOT NULL,
                generation_id uuid,
                died_at timestamptz NOT NULL,
                replayed_at timestamptz,
                replayed_as uuid,
                CONSTRAINT ck_dead_letters_replayed CHECK (replayed_as IS NULL OR replayed_at IS NOT NULL)
            );
            CREATE UNIQUE INDEX ix_dead_letters_queue_message_id ON dead_letters (queue, message_id);
            CREATE INDEX ix_dead_letters_died_at ON dead_letters (died_at);

            ALTER TABLE users SET (fillfactor = 50);
            ALTER TABLE accounts SET (fillfactor = 50);
            ALTER TABLE generations SET (fillfactor = 70);
            ALTER TABLE generation_images SET (fillfactor = 70);
            ALTER TABLE outbox SET (fillfactor = 70);
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            DROP TABLE dead_letters, provider_runs, idempotency_keys, grant_uses, grants;
            ALTER TABLE generation_events ADD CONSTRAINT fk_generation_events_generations_generation_id FOREIGN KEY (generation_id) REFERENCES generations ON DELETE CASCADE;
            ALTER TABLE users DROP last_event;
            ALTER TABLE accounts DROP expiring;
            ALTER TABLE generation_events DROP user_id, DROP user_seq;
            ALTER TABLE generations DROP cancel_requested_at, DROP hidden_at, DROP purged_at, DROP uses_grants;
            DROP INDEX ix_journal_entries_user_id_journal_id;
            CREATE INDEX ix_journal_entries_user_id_account ON journal_entries (user_id, account);
            CREATE UNIQUE INDEX ix_generation_images_prediction_id ON generation_images (prediction_id);
            CREATE UNIQUE INDEX ix_generation_images_token ON generation_images (token);
            ALTER TABLE journals DROP CONSTRAINT ck_journals_kind;
            ALTER TABLE journals ADD CONSTRAINT ck_journals_kind CHECK (kind IN ('grant', 'hold', 'capture', 'release')) NOT VALID;
            """);
}
