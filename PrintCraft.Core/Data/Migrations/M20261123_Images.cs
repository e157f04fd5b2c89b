using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace PrintCraft.Core.Data.Migrations;

/// <summary>Thumbnails, uploads, and generations that start from one. Whether an image has its thumbnail is in no index: no write of the work on it gets dearer.</summary>
[DbContext(typeof(PrintCraftDb))]
[Migration("20261123000000_Images")]
internal sealed class M20261123_Images : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            ALTER TABLE generation_images ADD thumbnails_at timestamptz, ADD thumbnail_tries integer NOT NULL DEFAULT 0;
            ALTER TABLE generation_images ADD CONSTRAINT ck_generation_images_thumbnails CHECK (thumbnails_at IS NULL OR storage_key IS NOT NULL);

            CREATE TABLE uploads (
                id uuid NOT NULL CONSTRAINT pk_uploads PRIMARY KEY,
                user_id uuid NOT NULL CONSTRAINT fk_uploads_users_user_id REFERENCES users ON DELETE RESTRICT,
                status text NOT NULL CONSTRAINT ck_uploads_status CHECK (status IN ('waiting', 'ready', 'deleted')),
                content_type text NOT NULL CONSTRAINT ck_uploads_content_type CHECK (content_type IN ('image/png', 'image/jpeg', 'image/webp')),
                bytes bigint NOT NULL CONSTRAINT ck_uploads_bytes CHECK (bytes > 0),
                file_sha256 text,
                storage_key text,
                sha256 text,
                stored_bytes bigint,
                width integer,
                height integer,
                created_at timestamptz NOT NULL,
                expires_at timestamptz NOT NULL,
                CONSTRAINT ck_uploads_ready CHECK (status <> 'ready'
                    OR (file_sha256 IS NOT NULL AND storage_key IS NOT NULL AND sha256 IS NOT NULL AND stored_bytes > 0 AND width > 0 AND height > 0))
            );
            CREATE INDEX ix_uploads_user_id_created_at_id ON uploads (user_id, created_at, id);
            CREATE INDEX ix_uploads_expires_at ON uploads (expires_at);

            -- No foreign key: an upload goes when its time is over, and the generation still says which it was.
            ALTER TABLE generations ADD reference_id uuid, ADD reference_strength double precision;
            ALTER TABLE generations ADD CONSTRAINT ck_generations_reference CHECK (reference_strength IS NULL OR (reference_id IS NOT NULL AND reference_strength BETWEEN 0 AND 1));
            CREATE INDEX ix_generations_reference_id ON generations (reference_id) WHERE reference_id IS NOT NULL;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("""
            DROP INDEX ix_generations_reference_id;
            ALTER TABLE generations DROP reference_id, DROP reference_strength;
            DROP TABLE uploads;
            ALTER TABLE generation_images DROP thumbnails_at, DROP thumbnail_tries;
            """);
}
