using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Data;

/// <summary>The database refuses illegal rows by itself, whatever the code does. Every test takes its rows back.</summary>
public sealed class ConstraintTests
{
    private const string Succeeded = "status='succeeded' started_at=now() completed_at=now() due_at=NULL charged=6";
    private const string Submitted = "status='submitted' submit_intent_at=now() token='constraints' prediction_id='constraints'";
    private const string Stored = $"{Submitted} status='succeeded' completed_at=now() storage_key='k' sha256='s' bytes=1 width=1 height=1";
    private const string Ready = "status='ready' file_sha256='f' storage_key='k' sha256='s' stored_bytes=1 width=1 height=1";

    /// <summary>What a legal row of each table has to say; the rest of its columns is empty, zero or now.</summary>
    private static readonly Dictionary<string, string> Legal = new()
    {
        ["users"] = "role='user'",
        ["accounts"] = "",
        ["journals"] = "kind='grant' business_id='constraints'",
        ["journal_entries"] = "account='available' amount=1",
        ["generations"] = "status='pending' quality='draft' count=2 credits_per_image=3 due_at=now()",
        ["generation_images"] = "status='pending'",
        ["grants"] = "kind='promo' amount=2",
        ["grant_uses"] = "amount=1",
        ["dead_letters"] = "",
        ["sessions"] = "refresh_hash=sha256('')",
        ["api_keys"] = "hash=sha256('') scopes='{read}'",
        ["letters"] = "due_at=now() body='text'",
        ["uploads"] = "status='waiting' content_type='image/png' bytes=1",
    };

    [Theory]
    [InlineData("accounts", "")]
    [InlineData("journals", "")]
    [InlineData("journal_entries", "amount=-1 account='promo'")]
    [InlineData("generations", "")]
    [InlineData("generations", "status='processing' started_at=now() lease_until=now()")]
    [InlineData("generations", Succeeded)]
    [InlineData("generations", $"{Succeeded} charged=3 refunded=3")]
    [InlineData("generations", "status='failed' error_code='x' completed_at=now() due_at=NULL refunded=6")]
    [InlineData("generations", "status='canceled' completed_at=now() due_at=NULL refunded=6")]
    [InlineData("generation_images", "")]
    [InlineData("generation_images", Submitted)]
    [InlineData("generation_images", Stored)]
    [InlineData("generation_images", "status='failed' error_code='x' completed_at=now()")]
    [InlineData("accounts", "available=2 expiring=2")]
    [InlineData("grants", "")]
    [InlineData("grants", "remaining=2 expires_at=now()")]
    [InlineData("grant_uses", "")]
    [InlineData("generations", "status='canceled' completed_at=now() due_at=NULL refunded=6 hidden_at=now() purged_at=now()")]
    [InlineData("dead_letters", "replayed_at=now() replayed_as=gen_random_uuid()")]
    [InlineData("users", "email='a@b' normalized_email='A@B' password_hash='hash'")]
    [InlineData("sessions", "")]
    [InlineData("sessions", "revoked_at=now() revoked_because='logout'")]
    [InlineData("api_keys", "scopes='{read,write,admin}'")]
    [InlineData("letters", "")]
    [InlineData("letters", "due_at=NULL body=NULL sent_at=now()")]
    [InlineData("generation_images", $"{Stored} thumbnails_at=now()")]
    [InlineData("generations", "reference_id=gen_random_uuid() reference_strength=1")]
    [InlineData("uploads", "")]
    [InlineData("uploads", Ready)]
    public async Task A_legal_row_is_taken(string table, string change)
    {
        Assert.Null(await RefusalAsync(table, change));
    }

    [Theory]
    [InlineData("ck_accounts_available", "available=-1")]
    [InlineData("ck_accounts_held", "held=-1")]
    [InlineData("ck_journals_kind", "kind='gift'")]
    [InlineData("ck_journal_entries_account", "account='pocket'")]
    [InlineData("ck_journal_entries_amount", "amount=0")]
    [InlineData("ck_generations_status", "status='lost'")]
    [InlineData("ck_generations_progress", "progress=101")]
    [InlineData("ck_generations_progress", "progress=-1")]
    [InlineData("ck_generations_quality", "quality='best'")]
    [InlineData("ck_generations_count", "count=0")]
    [InlineData("ck_generations_count", "count=5")]
    [InlineData("ck_generations_credits_per_image", "credits_per_image=0")]
    [InlineData("ck_generations_final", "completed_at=now() due_at=NULL refunded=6")]
    [InlineData("ck_generations_final", "status='canceled'")]
    [InlineData("ck_generations_due", "due_at=NULL")]
    [InlineData("ck_generations_due", $"{Succeeded} due_at=now()")]
    [InlineData("ck_generations_lease", $"{Succeeded} lease_until=now()")]
    [InlineData("ck_generations_settled", "refunded=1")]
    [InlineData("ck_generations_settled", $"{Succeeded} charged=5")]
    [InlineData("ck_generations_settled", $"{Succeeded} charged=7 refunded=-1")]
    [InlineData("ck_generations_charged", $"{Succeeded} charged=0 refunded=6")]
    [InlineData("ck_generations_charged", $"{Succeeded} status='canceled'")]
    [InlineData("ck_generations_error", "error_code='x'")]
    [InlineData("ck_generations_error", "status='failed' completed_at=now() due_at=NULL refunded=6")]
    [InlineData("ck_generations_started", "status='processing'")]
    [InlineData("ck_generations_started", $"{Succeeded} started_at=NULL")]
    [InlineData("ck_generation_images_status", "status='lost'")]
    [InlineData("ck_generation_images_intent", "status='submitting' submit_intent_at=now()")]
    [InlineData("ck_generation_images_intent", $"{Submitted} submit_intent_at=NULL")]
    [InlineData("ck_generation_images_submitted", $"{Submitted} prediction_id=NULL")]
    [InlineData("ck_generation_images_final", "completed_at=now()")]
    [InlineData("ck_generation_images_final", $"{Stored} completed_at=NULL")]
    [InlineData("ck_generation_images_error", "error_code='x'")]
    [InlineData("ck_generation_images_error", "status='failed' completed_at=now()")]
    [InlineData("ck_generation_images_file", $"{Stored} sha256=NULL")]
    [InlineData("ck_generation_images_file", $"{Submitted} storage_key='k' sha256='s' bytes=1 width=1 height=1")]
    [InlineData("ck_accounts_expiring", "available=2 expiring=3")]
    [InlineData("ck_accounts_expiring", "expiring=-1")]
    [InlineData("ck_grants_kind", "kind='gift'")]
    [InlineData("ck_grants_amount", "amount=0")]
    [InlineData("ck_grants_remaining", "remaining=1")]
    [InlineData("ck_grants_remaining", "expires_at=now()")]
    [InlineData("ck_grants_remaining", "remaining=3 expires_at=now()")]
    [InlineData("ck_grants_remaining", "remaining=-1 expires_at=now()")]
    [InlineData("ck_grant_uses_amount", "amount=0")]
    [InlineData("ck_generations_hidden", "hidden_at=now()")]
    [InlineData("ck_generations_purged", "status='canceled' completed_at=now() due_at=NULL refunded=6 purged_at=now()")]
    [InlineData("ck_dead_letters_replayed", "replayed_as=gen_random_uuid()")]
    [InlineData("ck_users_role", "role='king'")]
    [InlineData("ck_users_local", "password_hash='hash'")]
    [InlineData("ck_users_local", "normalized_email='A@B' email='a@b'")]
    [InlineData("ck_users_local", "normalized_email='A@B' password_hash='hash'")]
    [InlineData("ck_sessions_refresh_hash", "refresh_hash='short'")]
    [InlineData("ck_sessions_revoked", "revoked_at=now()")]
    [InlineData("ck_sessions_revoked", "revoked_because='logout'")]
    [InlineData("ck_api_keys_hash", "hash='short'")]
    [InlineData("ck_api_keys_scopes", "scopes='{}'")]
    [InlineData("ck_api_keys_scopes", "scopes='{read,root}'")]
    [InlineData("ck_letters_body", "body=NULL")]
    [InlineData("ck_letters_sent", "sent_at=now()")]
    [InlineData("ck_letters_sent", "due_at=NULL sent_at=now()")]
    [InlineData("ck_generation_images_thumbnails", "thumbnails_at=now()")]
    [InlineData("ck_generations_reference", "reference_strength=0.5")]
    [InlineData("ck_generations_reference", "reference_id=gen_random_uuid() reference_strength=1.1")]
    [InlineData("ck_uploads_status", "status='lost'")]
    [InlineData("ck_uploads_content_type", "content_type='image/gif'")]
    [InlineData("ck_uploads_bytes", "bytes=0")]
    [InlineData("ck_uploads_ready", "status='ready'")]
    [InlineData("ck_uploads_ready", $"{Ready} sha256=NULL")]
    [InlineData("ck_uploads_ready", $"{Ready} width=0")]
    public async Task An_illegal_row_is_refused(string check, string change)
    {
        var table = Legal.Keys.Where(name => check.StartsWith($"ck_{name}_", StringComparison.Ordinal)).MaxBy(name => name.Length)!;

        var refusal = await RefusalAsync(table, change);

        Assert.Equal((PostgresErrorCodes.CheckViolation, check), (refusal?.SqlState, refusal?.ConstraintName));
    }

    [Fact]
    public void Every_check_has_an_illegal_row()
    {
        var tried = typeof(ConstraintTests).GetMethod(nameof(An_illegal_row_is_refused))!.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => $"check {((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!)[0].Value}");

        Assert.Equal(SchemaTests.BesidesTheModel.Where(line => line.StartsWith("check ", StringComparison.Ordinal)), tried.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_journal_is_append_only()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var connection = new NpgsqlConnection(scratch.ConnectionString);
        await connection.OpenAsync();
        await InsertAsync(connection, "journal_entries", "");

        foreach (var table in new[] { "journals", "journal_entries" })
        {
            foreach (var sql in new[] { $"UPDATE {table} SET {(table == "journals" ? "business_id = 'other'" : "amount = 2")}", $"DELETE FROM {table}", $"TRUNCATE {table} CASCADE" })
            {
                var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, sql));
                Assert.Equal((sql, PostgresErrorCodes.RaiseException, $"{table} is append-only"), (sql, refusal.SqlState, refusal.MessageText));
            }
        }
    }

    /// <summary>Why a row that differs so from a legal one is not taken; null when it is. Nothing stays.</summary>
    private static async Task<PostgresException?> RefusalAsync(string table, string change)
    {
        await using var connection = new NpgsqlConnection((await (await PrintCraftApp.GetAsync()).DatabaseAsync()).ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await InsertAsync(connection, table, change);
            return null;
        }
        catch (PostgresException exception)
        {
            return exception;
        }
    }

    /// <summary>The row, after legal ones that it refers to.</summary>
    private static async Task InsertAsync(NpgsqlConnection connection, string table, string change)
    {
        string[] parents = table switch
        {
            "journal_entries" => ["users", "journals"],
            "generation_images" => ["users", "generations"],
            "grant_uses" => ["users", "generations", "grants"],
            "dead_letters" or "users" or "letters" => [],
            _ => ["users"],
        };
        foreach (var parent in parents)
        {
            await InsertAsync(connection, parent, Legal[parent].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        await InsertAsync(connection, table, $"{Legal[table]} {change}".Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Of a column that is named twice the second value counts.</summary>
    private static async Task InsertAsync(NpgsqlConnection connection, string table, string[] values)
    {
        var row = await RequiredAsync(connection, table);
        foreach (var pair in values.Select(value => value.Split('=')))
        {
            row[pair[0]] = pair[1];
        }

        await ExecuteAsync(connection, $"INSERT INTO {table} ({string.Join(", ", row.Keys)}) VALUES ({string.Join(", ", row.Values)})");
    }

    private static async Task<Dictionary<string, string>> RequiredAsync(NpgsqlConnection connection, string table)
    {
        await using var command = new NpgsqlCommand("SELECT attname, atttypid::regtype::text FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        await using var reader = await command.ExecuteReaderAsync();
        var row = new Dictionary<string, string>();
        while (await reader.ReadAsync())
        {
            row.Add(reader.GetString(0), reader.GetString(1) switch
            {
                "uuid" => "'00000000-0000-0000-0000-0000000000aa'",
                "boolean" => "false",
                "integer" or "bigint" => "0",
                "timestamp with time zone" => "now()",
                "text[]" => "'{}'",
                _ => "''",
            });
        }

        return row;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
