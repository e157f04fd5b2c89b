using System.Globalization;
using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Users;

/// <summary>What support and administrators do with users.</summary>
public sealed class AdministrationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    /// <summary>Status for user, creator, support and admin.</summary>
    [Theory]
    [InlineData("GET /api/v1/users/me", "200 200 200 200")]
    [InlineData("GET /api/v1/api-keys", "200 200 200 200")]
    [InlineData("GET /api/v1/users/{id}", "404 404 200 200")]
    [InlineData("PUT /api/v1/users/{id} {}", "404 404 404 200")]
    [InlineData("GET /api/v1/users/{id}/preferences", "404 404 404 200")]
    [InlineData("PUT /api/v1/users/{id}/preferences {}", "404 404 404 200")]
    [InlineData("GET /api/v1/admin/users", "403 403 200 200")]
    [InlineData("GET /api/v1/admin/audit", "403 403 403 200")]
    [InlineData("GET /api/v1/admin/dead-letters", "403 403 403 200")]
    [InlineData("PUT /api/v1/admin/users/{id}/role {\"role\":\"user\"}", "403 403 403 200")]
    [InlineData("POST /api/v1/admin/users/{id}/disable", "403 403 403 200")]
    [InlineData("POST /api/v1/admin/users/{id}/enable", "403 403 403 200")]
    [InlineData("POST /api/v1/admin/credits/grants {}", "403 403 403 400")]
    public async Task A_role_reaches_what_it_is_for(string route, string statuses)
    {
        var app = await PrintCraftApp.GetAsync();
        var other = app.NewUser();
        await other.Api.GetMeAsync(None);
        var parts = route.Replace("{id}", $"{other.Id}", StringComparison.Ordinal).Split(' ', 3);

        var found = new List<string>();
        foreach (var role in new[] { "user", "creator", "support", "admin" })
        {
            using var answer = await app.User(role).Http.SendAsync(
                new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]) { Content = parts.Length > 2 ? new StringContent(parts[2], null, "application/json") : null });
            found.Add(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal(statuses, string.Join(' ', found));
    }

    [Fact]
    public async Task Users_are_listed_in_pages_and_found_by_name_role_and_id()
    {
        var app = await PrintCraftApp.GetAsync();
        var (support, mark) = (app.User("support"), $"{Guid.NewGuid():n}");
        var users = new List<TestUser>();
        foreach (var name in new[] { "Ana", "B_b", "Cy%" })
        {
            users.Add(app.NewUser());
            await users[^1].Api.UpdateMeAsync(new UserNames(Name: $"{name} {mark}"), null, None);
        }

        await app.User("admin").Api.SetRoleAsync(users[1].Id, new NewRole("creator"), None);

        var first = await support.Api.ListUsersAsync(1, 2, mark.ToUpperInvariant(), null, null, None);
        var second = await support.Api.ListUsersAsync(2, 2, mark, null, null, None);
        Assert.Equal([users[2].Id, users[1].Id], first.Data.Select(user => user.Id));
        Assert.Equal([users[0].Id], second.Data.Select(user => user.Id));
        Assert.Equal(new PagePagination(1, 2, 3, 2, true, false), first.Pagination);
        Assert.Equal(new PagePagination(2, 2, 3, 2, false, true), second.Pagination);
        Assert.Equal([users[0].Id, users[1].Id, users[2].Id], await FoundAsync(mark, null, "name"));
        Assert.Equal([users[2].Id, users[1].Id, users[0].Id], await FoundAsync(mark, null, "-name"));
        Assert.Equal([users[0].Id, users[1].Id, users[2].Id], await FoundAsync(mark, null, "createdAt"));
        Assert.Equal([users[1].Id], await FoundAsync(mark, "creator", null));
        Assert.Equal([users[1].Id], await FoundAsync($"b_B {mark}", null, null));
        Assert.Empty(await FoundAsync($"_na {mark}", null, null));
        Assert.Empty(await FoundAsync($"%{mark}%", null, null));
        Assert.Equal([users[2].Id], await FoundAsync($"{users[2].Id}", null, null));

        async Task<IEnumerable<Guid>> FoundAsync(string q, string? role, string? sort) =>
            (await support.Api.ListUsersAsync(null, null, q, role, sort, None)).Data.Select(user => user.Id);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("perPage=101", "perPage")]
    [InlineData("page=99999999", "page")]
    [InlineData("q=", "q")]
    [InlineData("q=%00", "q")]
    [InlineData("role=owner", "role")]
    [InlineData("sort=passwordHash", "sort")]
    [InlineData("page=one", "page")]
    public async Task Each_wrong_part_of_a_search_is_named(string query, string field)
    {
        var support = (await PrintCraftApp.GetAsync()).User("support");

        using var answer = await support.Http.GetAsync($"/api/v1/admin/users?{query}");

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request")).Error.Details.Select(detail => detail.Field));
    }

    [Fact]
    public async Task Whoever_is_disabled_gets_in_with_nothing_until_he_is_enabled()
    {
        var app = await PrintCraftApp.GetAsync();
        var (admin, user) = (app.User("admin"), app.NewUser());
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("test"), None);
        using var program = app.Http("api");
        program.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        (await program.GetAsync("/api/v1/users/me")).EnsureSuccessStatusCode();
        var database = await app.DatabaseAsync();
        var session = Guid.NewGuid();
        await database.ExecuteAsync(
            "INSERT INTO sessions (id, user_id, refresh_hash, device, created_at, used_at, expires_at) VALUES ($1, $2, sha256($1::text::bytea), 'test', now(), now(), now() + interval '1 day')", session, user.Id);

        var disabled = await admin.Api.DisableUserAsync(user.Id, None);
        var again = await admin.Api.DisableUserAsync(user.Id, None);

        Assert.NotNull(disabled.DisabledAt);
        Assert.Equal(disabled, again);
        await (await user.Http.GetAsync("/api/v1/users/me")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await (await program.GetAsync("/api/v1/users/me")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(["admin"], await database.ListAsync("SELECT revoked_because FROM sessions WHERE id = $1 AND revoked_at IS NOT NULL", session));

        Assert.Null((await admin.Api.EnableUserAsync(user.Id, None)).DisabledAt);

        (await user.Http.GetAsync("/api/v1/users/me")).EnsureSuccessStatusCode();
        (await program.GetAsync("/api/v1/users/me")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Nobody_shuts_himself_out()
    {
        var admin = (await PrintCraftApp.GetAsync()).User("admin");
        var id = (await admin.Api.GetMeAsync(None)).Id;

        await Answers.RefusedAsync(() => admin.Api.DisableUserAsync(id, None), HttpStatusCode.Conflict, "conflict");
        await Answers.RefusedAsync(() => admin.Api.SetRoleAsync(id, new NewRole("support"), None), HttpStatusCode.Conflict, "conflict");
        Assert.Equal("admin", (await admin.Api.SetRoleAsync(id, new NewRole("admin"), None)).Role);
    }

    [Theory]
    [InlineData("{}", "role")]
    [InlineData("""{"role":"owner"}""", "role")]
    [InlineData("""{"role":"user","disabledAt":null}""", "disabledAt")]
    public async Task A_role_is_one_of_four(string body, string field)
    {
        var app = await PrintCraftApp.GetAsync();

        using var answer = await app.User("admin").Http.PutAsync($"/api/v1/admin/users/{app.NewUser().Id}/role", new StringContent(body, null, "application/json"));

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request")).Error.Details.Select(detail => detail.Field));
    }

    [Fact]
    public async Task Nobody_is_not_found()
    {
        var admin = (await PrintCraftApp.GetAsync()).User("admin");
        var nobody = $"/api/v1/admin/users/{Guid.CreateVersion7()}";

        await (await admin.Http.PutAsJsonAsync($"{nobody}/role", new NewRole("user"))).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await admin.Http.PostAsync($"{nobody}/disable", null)).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        await (await admin.Http.PostAsync($"{nobody}/enable", null)).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }
}
