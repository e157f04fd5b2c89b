using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Audit;

/// <summary>A change and its entry are both there or neither is.</summary>
[Collection(nameof(ApiAlone))]
public sealed class AuditTransactionTests(ApiAlone fixture)
{
    private const string Rows = """
        SELECT to_jsonb(users)::text FROM users WHERE id = $1 UNION ALL SELECT to_jsonb(api_keys)::text FROM api_keys WHERE user_id = $1
        UNION ALL SELECT to_jsonb(user_preferences)::text FROM user_preferences WHERE user_id = $1 UNION ALL SELECT to_jsonb(sessions)::text FROM sessions WHERE user_id = $1
        """;

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task What_cannot_be_written_down_does_not_happen()
    {
        var (admin, user) = (_scenario.User("admin"), _scenario.NewUser());
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("before"), CancellationToken.None);
        await user.Api.UpdateMyPreferencesAsync(new NewPreferences("cartoon"), null, CancellationToken.None);
        await _scenario.Sql.ExecuteAsync(
            "INSERT INTO sessions (id, user_id, refresh_hash, device, created_at, used_at, expires_at) VALUES ($1, $1, sha256('test'), 'test', now(), now(), now() + interval '1 day')", user.Id);
        var before = await _scenario.Sql.ListAsync(Rows, user.Id);
        await _scenario.Sql.ExecuteAsync($"ALTER TABLE user_audit_log ADD CONSTRAINT broken CHECK (user_id <> '{user.Id}') NOT VALID");
        try
        {
            var other = $"/api/v1/admin/users/{user.Id}";
            HttpResponseMessage[] answers =
            [
                await user.Http.PutAsJsonAsync("/api/v1/users/me", new UserNames("Ana")),
                await user.Http.PutAsJsonAsync("/api/v1/users/me/preferences", new { defaultStyle = "none" }),
                await user.Http.PostAsJsonAsync("/api/v1/api-keys", new { name = "after" }),
                await user.Http.PostAsync($"/api/v1/api-keys/{key.Id}/rotate", null),
                await user.Http.DeleteAsync($"/api/v1/api-keys/{key.Id}"),
                await admin.Http.PutAsJsonAsync($"{other}/role", new NewRole("admin")),
                await admin.Http.PostAsync($"{other}/disable", null),
            ];

            Assert.Equal(4, before.Count);
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode));
            Assert.Equal(before, await _scenario.Sql.ListAsync(Rows, user.Id));
        }
        finally
        {
            await _scenario.Sql.ExecuteAsync("ALTER TABLE user_audit_log DROP CONSTRAINT broken");
        }
    }
}
