using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Data;

/// <summary>The migrations own the schema and the model describes it: the two say the same, and what only the migrations know is listed here.</summary>
public sealed class SchemaTests
{
    /// <summary>Illegal rows that the database refuses (ConstraintTests), and the append-only journal.</summary>
    public static IReadOnlyList<string> BesidesTheModel { get; } =
    [
        "check ck_accounts_available",
        "check ck_accounts_expiring",
        "check ck_accounts_held",
        "check ck_api_keys_hash",
        "check ck_api_keys_scopes",
        "check ck_dead_letters_replayed",
        "check ck_generation_images_error",
        "check ck_generation_images_file",
        "check ck_generation_images_final",
        "check ck_generation_images_intent",
        "check ck_generation_images_status",
        "check ck_generation_images_submitted",
        "check ck_generation_images_thumbnails",
        "check ck_generations_charged",
        "check ck_generations_count",
        "check ck_generations_credits_per_image",
        "check ck_generations_due",
        "check ck_generations_error",
        "check ck_generations_final",
        "check ck_generations_hidden",
        "check ck_generations_lease",
        "check ck_generations_progress",
        "check ck_generations_purged",
        "check ck_generations_quality",
        "check ck_generations_reference",
        "check ck_generations_settled",
        "check ck_generations_started",
        "check ck_generations_status",
        "check ck_grant_uses_amount",
        "check ck_grants_amount",
        "check ck_grants_kind",
        "check ck_grants_remaining",
        "check ck_journal_entries_account",
        "check ck_journal_entries_amount",
        "check ck_journals_kind",
        "check ck_letters_body",
        "check ck_letters_sent",
        "check ck_sessions_refresh_hash",
        "check ck_sessions_revoked",
        "check ck_uploads_bytes",
        "check ck_uploads_content_type",
        "check ck_uploads_ready",
        "check ck_uploads_status",
        "check ck_users_local",
        "check ck_users_role",
        "default generation_images 0",
        "function refuse_change",
        "trigger journal_entries_append_only",
        "trigger journals_append_only",
        "trigger user_audit_log_append_only",
    ];

    [Fact]
    public async Task The_database_has_exactly_what_the_model_describes()
    {
        var database = await (await PrintCraftApp.GetAsync()).DatabaseAsync();
        await using var db = ScratchDatabase.Context(database.ConnectionString);

        var (model, schema) = (Schema.Of(db), await Schema.OfAsync(database));

        var differences = model.Except(schema).Select(line => $"only in the model: {line}").Concat(schema.Except(model).Select(line => $"only in the database: {line}")).ToList();
        Assert.True(differences is [], string.Join(Environment.NewLine, differences));
        Assert.Equal(model, schema);
    }

    [Fact]
    public async Task What_the_model_cannot_say_is_listed_here()
    {
        var database = await (await PrintCraftApp.GetAsync()).DatabaseAsync();

        Assert.Equal(BesidesTheModel, await Schema.OthersOfAsync(database));
    }
}
