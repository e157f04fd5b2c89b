using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PrintCraft.Core.Data.Migrations;

/// <summary>Users with accounts of their own, sessions, API keys, preferences, the audit log, keys shared by all API processes, and letters to send.</summary>
[DbContext(typeof(PrintCraftDb))]
[Migration("20261122000000_Identity")]
internal sealed class M20261122_Identity : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            ALTER TABLE users
                ADD email varchar(255),
                ADD normalized_email varchar(255),
                ADD email_verified boolean NOT NULL DEFAULT false,
                ADD first_name varchar(100),
                ADD last_name varchar(100),
                ADD password_hash text,
                ADD security_stamp text,
                ADD concurrency_stamp text,
                ADD access_failed_count integer NOT NULL DEFAULT 0,
                ADD lockout_end timestamptz,
                ADD role text NOT NULL DEFAULT 'user' CONSTRAINT ck_users_role CHECK (role IN ('user', 'creator', 'support', 'admin')),
                ADD firebase_uid text,
                ADD disabled_at timestamptz,
                ADD updated_at timestamptz;
            UPDATE users SET updated_at = created_at;
            ALTER TABLE users ALTER updated_at SET NOT NULL, ALTER email_verified DROP DEFAULT, ALTER access_failed_count DROP DEFAULT, ALTER role DROP DEFAULT;
            ALTER TABLE users ADD CONSTRAINT ck_users_local CHECK ((normalized_email IS NULL) = (password_hash IS NULL) AND (normalized_email IS NULL OR email IS NOT NULL));
            CREATE UNIQUE INDEX ix_users_normalized_email ON users (normalized_email);
            CREATE UNIQUE INDEX ix_users_firebase_uid ON users (firebase_uid);
            CREATE INDEX ix_users_created_at_id ON users (created_at, id);

            CREATE TABLE sessions (
                id uuid NOT NULL CONSTRAINT pk_sessions PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_sessions_users_user_id REFERENCES users ON DELETE CASCADE,
                refresh_hash bytea NOT NULL CONSTRAINT ck_sessions_refresh_hash CHECK (length(refresh_hash) = 32),
                device text NOT NULL,
                created_at timestamptz NOT NULL,
                used_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL,
                revoked_at timestamptz,
                revoked_because text,
                CONSTRAINT ck_sessions_revoked CHECK ((revoked_at IS NULL) = (revoked_because IS NULL))
            );
            CREATE INDEX ix_sessions_user_id ON sessions (user_id);
            CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);

            CREATE TABLE api_keys (
                id uuid NOT NULL CONSTRAINT pk_api_keys PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_api_keys_users_user_id REFERENCES users ON DELETE CASCADE,
                name text NOT NULL,
                prefix text NOT NULL,
                hash bytea NOT NULL CONSTRAINT ck_api_keys_hash CHECK (length(hash) = 32),
                scopes text[] NOT NULL CONSTRAINT ck_api_keys_scopes CHECK (scopes <@ ARRAY['read', 'write', 'admin'] AND cardinality(scopes) > 0),
                created_at timestamptz NOT NULL,
                last_used_at timestamptz,
                rotated_at timestamptz,
                expires_at timestamptz,
                revoked_at timestamptz
            );
            CREATE UNIQUE INDEX ix_api_keys_hash ON api_keys (hash);
            CREATE INDEX ix_api_keys_user_id ON api_keys (user_id);

            CREATE TABLE user_preferences (
                user_id uuid NOT NULL CONSTRAINT pk_user_preferences PRIMARY KEY CONSTRAINT fk_user_preferences_users_user_id REFERENCES users ON DELETE CASCADE,
                default_style text,
                default_quality text,
                default_product text,
                email_notifications boolean NOT NULL,
                push_notifications boolean NOT NULL,
                version integer NOT NULL,
                updated_at timestamptz NOT NULL
            );

            CREATE TABLE user_audit_log (
                id uuid NOT NULL CONSTRAINT pk_user_audit_log PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_user_audit_log_users_user_id REFERENCES users ON DELETE RESTRICT,
                actor_id uuid,
                action varchar(50) NOT NULL,
                changes jsonb,
                trace_id text,
                created_at timestamptz NOT NULL
            );
            CREATE INDEX ix_user_audit_log_user_id_created_at_id ON user_audit_log (user_id, created_at, id);
            CREATE INDEX ix_user_audit_log_created_at_id ON user_audit_log (created_at, id);
            CREATE TRIGGER user_audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON user_audit_log EXECUTE FUNCTION refuse_change();

            CREATE TABLE data_protection_keys (
                name text NOT NULL CONSTRAINT pk_data_protection_keys PRIMARY KEY,
                xml text NOT NULL,
                created_at timestamptz NOT NULL
            );

            CREATE TABLE letters (
                id uuid NOT NULL CONSTRAINT pk_letters PRIMARY KEY,
                recipient text NOT NULL,
                subject text NOT NULL,
                body text,
                created_at timestamptz NOT NULL,
                due_at timestamptz,
                attempts integer NOT NULL,
                sent_at timestamptz,
                CONSTRAINT ck_letters_body CHECK (due_at IS NULL OR body IS NOT NULL),
                CONSTRAINT ck_letters_sent CHECK (sent_at IS NULL OR (due_at IS NULL AND body IS NULL))
            );
            CREATE INDEX ix_letters_due_at ON letters (due_at) WHERE due_at IS NOT NULL;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            DROP TABLE letters, data_protection_keys, user_audit_log, user_preferences, api_keys, sessions;
            DROP INDEX ix_users_created_at_id;
            DROP INDEX ix_users_firebase_uid;
            DROP INDEX ix_users_normalized_email;
            ALTER TABLE users DROP email, DROP normalized_email, DROP email_verified, DROP first_name, DROP last_name, DROP password_hash, DROP security_stamp,
                DROP concurrency_stamp, DROP access_failed_count, DROP lockout_end, DROP role, DROP firebase_uid, DROP disabled_at, DROP updated_at;
            """);
}
