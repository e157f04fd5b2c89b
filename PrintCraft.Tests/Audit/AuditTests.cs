using System.Net;

using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Client;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

using AuditEntry = PrintCraft.Client.AuditEntry;

namespace PrintCraft.Tests.Audit;

/// <summary>Every change of a user is written down, by whom and what.</summary>
public sealed class AuditTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Every_change_says_who_did_what()
    {
        var app = await PrintCraftApp.GetAsync();
        var (admin, user) = (app.User("admin"), app.NewUser());
        await user.Api.UpdateMeAsync(new UserNames("Ana"), null, None);
        await user.Api.UpdateMeAsync(new UserNames("Ana"), null, None);
        await user.Api.UpdateMyPreferencesAsync(new NewPreferences("cartoon"), null, None);
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("shop", ["read"]), None);
        var rotated = await user.Api.RotateApiKeyAsync(key.Id, None);
        await user.Api.RevokeApiKeyAsync(key.Id, None);
        await user.Api.RevokeApiKeyAsync(key.Id, None);
        await admin.Api.SetRoleAsync(user.Id, new NewRole("creator"), None);
        await admin.Api.DisableUserAsync(user.Id, None);
        await admin.Api.DisableUserAsync(user.Id, None);
        await admin.Api.EnableUserAsync(user.Id, None);

        var all = (await admin.Api.ListAuditAsync(user.Id, null, null, 100, null, None)).Data;

        Assert.Equal(
            ["user.enabled", "user.disabled", "user.role_changed", "api_key.revoked", "api_key.rotated", "api_key.created", "user.preferences_updated", "user.updated"],
            all.Select(entry => entry.Action));
        Assert.Equal([admin.Id, admin.Id, admin.Id, user.Id, user.Id, user.Id, user.Id, user.Id], all.Select(entry => entry.ActorId!.Value));
        Assert.All(all, entry => Assert.Equal((user.Id, 32), (entry.UserId, entry.TraceId!.Length)));
        Assert.Equal("""{"role":{"to":"creator","from":"user"}}""", all[2].Changes.ToString());
        Assert.Equal($$"""{"to":"{{rotated.Prefix}}","from":"{{key.Prefix}}"}""", all[4].Changes!.Value.GetProperty("prefix").ToString());
        Assert.Equal("""{"to":["read"],"from":null}""", all[5].Changes!.Value.GetProperty("scopes").ToString());
        Assert.Equal("""{"defaultStyle":{"to":"cartoon","from":null}}""", all[6].Changes.ToString());
        Assert.Equal("Ana", all[7].Changes!.Value.GetProperty("name").GetProperty("to").GetString());
    }

    [Fact]
    public async Task The_log_is_read_in_pages_and_by_user_actor_and_action()
    {
        var app = await PrintCraftApp.GetAsync();
        var (admin, user) = (app.User("admin"), app.NewUser());
        foreach (var name in new[] { "Ana", "Eva", "Iva" })
        {
            await user.Api.UpdateMeAsync(new UserNames(name), null, None);
        }

        await admin.Api.SetRoleAsync(user.Id, new NewRole("creator"), None);

        var whole = (await admin.Api.ListAuditAsync(user.Id, null, null, null, null, None)).Data;
        var first = await admin.Api.ListAuditAsync(user.Id, null, null, 3, null, None);
        await user.Api.UpdateMeAsync(new UserNames("Ova"), null, None);
        var second = await admin.Api.ListAuditAsync(user.Id, null, null, 3, first.Pagination.NextCursor, None);

        Assert.Equal(4, whole.Count);
        Assert.Equal(whole.Select(entry => entry.Id), first.Data.Concat(second.Data).Select(entry => entry.Id));
        Assert.Equal((true, false), (first.Pagination.HasMore, second.Pagination.HasMore));
        Assert.Equal(4, (await ByAsync(user.Id, "user.updated")).Count);
        Assert.Equal(["user.role_changed"], (await ByAsync(user.Id, "user.role_changed", admin.Id)).Select(entry => entry.Action));
        Assert.Empty(await ByAsync(user.Id, "user.role_changed", user.Id));
        await (await admin.Http.GetAsync("/api/v1/admin/audit?cursor=nonsense")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        await (await admin.Http.GetAsync("/api/v1/admin/audit?action=%00")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        await (await admin.Http.GetAsync("/api/v1/admin/audit?userId=me")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");

        async Task<IReadOnlyList<AuditEntry>> ByAsync(Guid userId, string action, Guid? actor = null) => (await admin.Api.ListAuditAsync(userId, actor, action, null, null, None)).Data;
    }

    [Fact]
    public async Task The_log_is_append_only()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        var user = new Core.Identity.User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch };
        scratch.Db.Add(user);
        scratch.Db.Audit(user.Id, null, "user.updated", null, DateTimeOffset.UnixEpoch);
        await scratch.Db.SaveChangesAsync();

        foreach (var sql in new[] { "UPDATE user_audit_log SET action = 'other'", "DELETE FROM user_audit_log", "TRUNCATE user_audit_log", "DELETE FROM users" })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => scratch.Sql.ExecuteAsync(sql));
            Assert.Equal(
                (sql, sql.EndsWith("users", StringComparison.Ordinal) ? PostgresErrorCodes.ForeignKeyViolation : PostgresErrorCodes.RaiseException),
                (sql, refusal.SqlState == "23001" ? PostgresErrorCodes.ForeignKeyViolation : refusal.SqlState));
        }
    }
}
