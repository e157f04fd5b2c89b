using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PrintCraft.Core.Data.Migrations;

/// <summary>Users, the credit journal, generations with their images and events, and the outbox.</summary>
[DbContext(typeof(PrintCraftDb))]
[Migration("20261121000000_Initial")]
internal sealed class M20261121_Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            CREATE TABLE users (
                id uuid NOT NULL CONSTRAINT pk_users PRIMARY KEY,
                name text NOT NULL,
                created_at timestamptz NOT NULL
            );

            CREATE TABLE accounts (
                user_id uuid NOT NULL CONSTRAINT fk_accounts_users_user_id REFERENCES users ON DELETE RESTRICT,
                kind text NOT NULL CONSTRAINT ck_accounts_kind CHECK (kind IN ('available', 'held')),
                balance bigint NOT NULL CONSTRAINT ck_accounts_balance CHECK (balance >= 0),
                CONSTRAINT pk_accounts PRIMARY KEY (user_id, kind)
            );

            CREATE TABLE journals (
                id uuid NOT NULL CONSTRAINT pk_journals PRIMARY KEY,
                kind text NOT NULL CONSTRAINT ck_journals_kind CHECK (kind IN ('grant', 'hold', 'capture', 'release')),
                business_id text NOT NULL,
                created_at timestamptz NOT NULL
            );
            CREATE UNIQUE INDEX ix_journals_kind_business_id ON journals (kind, business_id);

            CREATE TABLE journal_entries (
                journal_id uuid NOT NULL CONSTRAINT fk_journal_entries_journals_journal_id REFERENCES journals ON DELETE RESTRICT,
                user_id uuid NOT NULL,
                account text NOT NULL CONSTRAINT ck_journal_entries_account CHECK (account IN ('available', 'held', 'revenue', 'promo')),
                amount bigint NOT NULL CONSTRAINT ck_journal_entries_amount CHECK (amount <> 0),
                CONSTRAINT pk_journal_entries PRIMARY KEY (journal_id, user_id, account)
            );
            CREATE INDEX ix_journal_entries_user_id_account ON journal_entries (user_id, account);

            -- The journal is append-only, for everybody.
            CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
            END $$;
            CREATE TRIGGER journals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journals EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER journal_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entries EXECUTE FUNCTION refuse_change();

            CREATE TABLE generations (
                id uuid NOT NULL CONSTRAINT pk_generations PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_generations_users_user_id REFERENCES users ON DELETE RESTRICT,
                status text NOT NULL CONSTRAINT ck_generations_status CHECK (status IN ('pending', 'processing', 'succeeded', 'failed', 'canceled')),
                progress integer NOT NULL CONSTRAINT ck_generations_progress CHECK (progress BETWEEN 0 AND 100),
                prompt text NOT NULL,
                negative_prompt text NOT NULL,
                style text NOT NULL,
                quality text NOT NULL CONSTRAINT ck_generations_quality CHECK (quality IN ('draft', 'standard', 'high')),
                width integer NOT NULL,
                height integer NOT NULL,
                seed bigint NOT NULL,
                count integer NOT NULL CONSTRAINT ck_generations_count CHECK (count BETWEEN 1 AND 4),
                output_format text NOT NULL,
                model text NOT NULL,
                credits_per_image integer NOT NULL CONSTRAINT ck_generations_credits_per_image CHECK (credits_per_image > 0),
                charged integer NOT NULL,
                refunded integer NOT NULL,
                error_code text,
                estimated_time integer NOT NULL,
                webhook_url text,
                trace_parent text,
                created_at timestamptz NOT NULL,
                started_at timestamptz,
                completed_at timestamptz,
                deadline timestamptz NOT NULL,
                due_at timestamptz,
                hinted boolean NOT NULL,
                lease_until timestamptz,
                lease_token bigint NOT NULL,
                last_event integer NOT NULL,
                -- A final generation has an end, is nobody's work, and its whole hold is charged or refunded; any other has none of these.
                CONSTRAINT ck_generations_final CHECK ((status IN ('succeeded', 'failed', 'canceled')) = (completed_at IS NOT NULL)),
                CONSTRAINT ck_generations_due CHECK ((completed_at IS NULL) = (due_at IS NOT NULL)),
                CONSTRAINT ck_generations_lease CHECK (completed_at IS NULL OR lease_until IS NULL),
                CONSTRAINT ck_generations_settled CHECK (charged >= 0 AND refunded >= 0 AND
                    charged + refunded = CASE WHEN completed_at IS NULL THEN 0 ELSE credits_per_image * count END),
                CONSTRAINT ck_generations_charged CHECK ((status = 'succeeded') = (charged > 0)),
                CONSTRAINT ck_generations_error CHECK ((status = 'failed') = (error_code IS NOT NULL)),
                CONSTRAINT ck_generations_started CHECK (status NOT IN ('processing', 'succeeded') OR started_at IS NOT NULL)
            );
            CREATE INDEX ix_generations_user_id_created_at_id ON generations (user_id, created_at, id);
            CREATE INDEX ix_generations_due_at ON generations (due_at) WHERE due_at IS NOT NULL;

            CREATE TABLE generation_images (
                generation_id uuid NOT NULL CONSTRAINT fk_generation_images_generations_generation_id REFERENCES generations ON DELETE CASCADE,
                index integer NOT NULL,
                seed bigint NOT NULL,
                status text NOT NULL CONSTRAINT ck_generation_images_status
                    CHECK (status IN ('pending', 'submitting', 'submitted', 'succeeded', 'failed', 'canceled')),
                progress integer NOT NULL,
                attempt integer NOT NULL,
                refusals integer NOT NULL,
                not_before timestamptz,
                submit_intent_at timestamptz,
                token text,
                prediction_id text,
                past_predictions text[] NOT NULL,
                unknowns integer NOT NULL,
                submitted_at timestamptz,
                completed_at timestamptz,
                error_code text,
                storage_key text,
                sha256 text,
                bytes bigint,
                width integer,
                height integer,
                CONSTRAINT pk_generation_images PRIMARY KEY (generation_id, index),
                CONSTRAINT ck_generation_images_intent CHECK (status NOT IN ('submitting', 'submitted', 'succeeded') OR (submit_intent_at IS NOT NULL AND token IS NOT NULL)),
                CONSTRAINT ck_generation_images_submitted CHECK (status NOT IN ('submitted', 'succeeded') OR prediction_id IS NOT NULL),
                CONSTRAINT ck_generation_images_final CHECK ((status IN ('succeeded', 'failed', 'canceled')) = (completed_at IS NOT NULL)),
                CONSTRAINT ck_generation_images_error CHECK ((status = 'failed') = (error_code IS NOT NULL)),
                CONSTRAINT ck_generation_images_file CHECK ((status = 'succeeded') =
                    (storage_key IS NOT NULL AND sha256 IS NOT NULL AND bytes IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL))
            );
            CREATE UNIQUE INDEX ix_generation_images_prediction_id ON generation_images (prediction_id);
            CREATE UNIQUE INDEX ix_generation_images_token ON generation_images (token);

            CREATE TABLE generation_events (
                generation_id uuid NOT NULL CONSTRAINT fk_generation_events_generations_generation_id REFERENCES generations ON DELETE CASCADE,
                seq integer NOT NULL,
                type text NOT NULL,
                payload jsonb NOT NULL,
                created_at timestamptz NOT NULL,
                CONSTRAINT pk_generation_events PRIMARY KEY (generation_id, seq)
            );

            CREATE TABLE outbox (
                id uuid NOT NULL CONSTRAINT pk_outbox PRIMARY KEY,
                exchange text NOT NULL,
                routing_key text NOT NULL,
                body jsonb NOT NULL,
                trace_parent text,
                created_at timestamptz NOT NULL,
                claimed_until timestamptz,
                sent_at timestamptz
            );
            CREATE INDEX ix_outbox_created_at ON outbox (created_at) WHERE sent_at IS NULL;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            DROP TABLE outbox, generation_events, generation_images, generations, journal_entries, journals, accounts, users;
            DROP FUNCTION refuse_change();
            """);
}
