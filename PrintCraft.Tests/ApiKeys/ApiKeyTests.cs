using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.ApiKeys;

/// <summary>The life of a key, over HTTP.</summary>
public sealed class ApiKeyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_key_is_shown_once_and_works_until_it_is_revoked()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        using var created = await user.Http.PostAsJsonAsync("/api/v1/api-keys", new { name = "my shop" });
        var key = (await created.Content.ReadFromJsonAsync<ApiKey>(PrintCraftClient.Json))!;
        var (bearer, header) = (Client(app, key.Key!), Client(app, key.Key!, "X-API-Key"));
        var me = await bearer.GetMeAsync(None);
        var quote = await header.QuoteAsync(new NewGeneration("a pier"), None);
        var seen = await user.Api.GetApiKeyAsync(key.Id, None);

        Assert.Equal((HttpStatusCode.Created, $"/api/v1/api-keys/{key.Id}"), (created.StatusCode, created.Headers.Location?.ToString()));
        Assert.Equal(("my shop", key.Key![..12]), (key.Name, key.Prefix));
        Assert.Equal(["read", "write"], key.Scopes);
        Assert.Equal((user.Id, "apiKey", "user"), (me.Id, me.Credential!.Kind, me.Credential.Role));
        Assert.Equal(["read", "write"], me.Credential.Scopes);
        Assert.Equal(4, quote.Credits);
        Assert.Null(seen.Key);
        Assert.NotNull(seen.LastUsedAt);
        Assert.Equal([seen], (await user.Api.ListApiKeysAsync(null, null, None)).Data, Same);

        await user.Api.RevokeApiKeyAsync(key.Id, None);
        await user.Api.RevokeApiKeyAsync(key.Id, None);

        await Answers.RefusedAsync(() => bearer.GetMeAsync(None), HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => header.GetMeAsync(None), HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => user.Api.GetApiKeyAsync(key.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => user.Api.RotateApiKeyAsync(key.Id, None), HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await user.Api.ListApiKeysAsync(null, null, None)).Data);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_kept()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("secret"), None);
        var rotated = await user.Api.RotateApiKeyAsync(key.Id, None);
        var database = await app.DatabaseAsync();

        var kept = await database.ListAsync(
            "SELECT to_jsonb(api_keys)::text FROM api_keys WHERE user_id = $1 UNION ALL SELECT to_jsonb(user_audit_log)::text FROM user_audit_log WHERE user_id = $1", user.Id);

        Assert.Equal(3, kept.Count);
        Assert.All(kept, row => Assert.All([key.Key!, rotated.Key!], secret => Assert.DoesNotContain(secret[13..], row, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rotated_key_has_a_new_secret_and_the_old_one_stops()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("rotating", ["read"]), None);
        var old = Client(app, key.Key!);
        await old.GetMeAsync(None);

        var rotated = await user.Api.RotateApiKeyAsync(key.Id, None);

        await Answers.RefusedAsync(() => old.GetMeAsync(None), HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(user.Id, (await Client(app, rotated.Key!).GetMeAsync(None)).Id);
        Assert.Equal((key.Id, "rotating", rotated.Key![..12]), (rotated.Id, rotated.Name, rotated.Prefix));
        Assert.NotNull(rotated.RotatedAt);
        Assert.NotEqual(key.Prefix, rotated.Prefix);
    }

    [Theory]
    [InlineData("read", "POST", "/api/v1/generations", "write")]
    [InlineData("read", "PUT", "/api/v1/users/me", "write")]
    [InlineData("write", "GET", "/api/v1/users/me", "read")]
    [InlineData("write", "GET", "/hubs/generations", "read")]
    [InlineData("write", "POST", "/hubs/generations/negotiate", "read")]
    [InlineData("read", "GET", "/api/v1/api-keys", null)]
    [InlineData("write", "POST", "/api/v1/api-keys", null)]
    [InlineData("read", "GET", "/api/v1/admin/users", null)]
    public async Task A_key_without_the_scope_is_told_which_it_needs(string scope, string method, string path, string? needed)
    {
        var app = await PrintCraftApp.GetAsync();
        var key = await app.NewUser().Api.CreateApiKeyAsync(new NewApiKey("narrow", [scope]), None);
        using var http = app.Http("api");
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);

        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "GET" ? null : JsonContent.Create(new { }) });

        var problem = await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(needed is null ? "" : $"Bearer error=\"insufficient_scope\", scope=\"{needed}\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Contains(needed is null ? path.Contains("admin", StringComparison.Ordinal) ? "the role support or admin" : "sign in yourself" : $"the scope {needed}", problem.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_does_no_more_than_its_user_may()
    {
        var app = await PrintCraftApp.GetAsync();
        var (admin, user) = (app.User("admin"), app.NewUser());
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("grown"), None);
        await (await app.DatabaseAsync()).ExecuteAsync("UPDATE api_keys SET scopes = '{read,admin}' WHERE id = $1", key.Id);
        var program = Client(app, key.Key!);

        Assert.Equal(["read"], (await program.GetMeAsync(None)).Credential!.Scopes);
        await admin.Api.SetRoleAsync(user.Id, new NewRole("support"), None);
        Assert.NotEmpty((await program.ListUsersAsync(null, 1, null, null, null, None)).Data);
        await Answers.RefusedAsync(() => program.ListAuditAsync(null, null, null, null, null, None), HttpStatusCode.Forbidden, "forbidden");
        await admin.Api.SetRoleAsync(user.Id, new NewRole("creator"), None);

        await Answers.RefusedAsync(() => program.ListUsersAsync(null, 1, null, null, null, None), HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":" x"}""", "name")]
    [InlineData("""{"name":"a\u0000b"}""", "name")]
    [InlineData("""{"name":"x","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["read","delete"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["admin"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[null]}""", "scopes")]
    [InlineData("""{"name":"x","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"x","userId":"00000000-0000-0000-0000-000000000001"}""", "userId")]
    [InlineData("""{"name":"x","key":"pck_mine"}""", "key")]
    public async Task Each_wrong_field_is_named(string body, string field)
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        using var answer = await user.Http.PostAsync("/api/v1/api-keys", new StringContent(body, null, "application/json"));

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request")).Error.Details.Select(detail => detail.Field));
    }

    [Fact]
    public async Task There_are_never_more_than_twenty_even_when_all_come_at_once()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(index => user.Http.PostAsJsonAsync("/api/v1/api-keys", new { name = $"key {index}" })));

        Assert.Equal((20, 5), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
        await answers.First(answer => answer.StatusCode == HttpStatusCode.Conflict).ProblemAsync(HttpStatusCode.Conflict, "conflict");
        var (first, all) = (await user.Api.ListApiKeysAsync(15, null, None), await user.Api.ListApiKeysAsync(100, null, None));
        var rest = await user.Api.ListApiKeysAsync(15, first.Pagination.NextCursor, None);
        Assert.Equal(20, all.Data.Count);
        Assert.Equal(all.Data.Select(key => key.Id), first.Data.Concat(rest.Data).Select(key => key.Id));
        Assert.False(rest.Pagination.HasMore);
        await user.Api.RevokeApiKeyAsync(all.Data[0].Id, None);
        await user.Api.CreateApiKeyAsync(new NewApiKey("room again"), None);
    }

    [Fact]
    public async Task Keys_of_somebody_else_are_not_found()
    {
        var app = await PrintCraftApp.GetAsync();
        var (owner, stranger, admin) = (app.NewUser(), app.NewUser(), app.User("admin"));
        var key = await owner.Api.CreateApiKeyAsync(new NewApiKey("mine"), None);

        foreach (var other in new[] { stranger, admin })
        {
            await Answers.RefusedAsync(() => other.Api.GetApiKeyAsync(key.Id, None), HttpStatusCode.NotFound, "not_found");
            await Answers.RefusedAsync(() => other.Api.RotateApiKeyAsync(key.Id, None), HttpStatusCode.NotFound, "not_found");
            await Answers.RefusedAsync(() => other.Api.RevokeApiKeyAsync(key.Id, None), HttpStatusCode.NotFound, "not_found");
            Assert.DoesNotContain((await other.Api.ListApiKeysAsync(100, null, None)).Data, one => one.Id == key.Id);
        }

        Assert.Equal(owner.Id, (await Client(app, key.Key!).GetMeAsync(None)).Id);
    }

    [Fact]
    public async Task An_expired_key_is_refused_and_cannot_be_rotated()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var key = await user.Api.CreateApiKeyAsync(new NewApiKey("short", ExpiresAt: DateTimeOffset.MaxValue.AddDays(-1)), None);
        await (await app.DatabaseAsync()).ExecuteAsync("UPDATE api_keys SET expires_at = now() WHERE id = $1", key.Id);

        await Answers.RefusedAsync(() => Client(app, key.Key!).GetMeAsync(None), HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => user.Api.RotateApiKeyAsync(key.Id, None), HttpStatusCode.Conflict, "conflict");
        await user.Api.RevokeApiKeyAsync(key.Id, None);
    }

    internal static IPrintCraftApi Client(Uri address, string key, string header = "Authorization")
    {
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (header == "Authorization")
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        else
        {
            http.DefaultRequestHeaders.Add(header, key);
        }

        return RestService.For<IPrintCraftApi>(http, PrintCraftClient.Settings);
    }

    private static IPrintCraftApi Client(PrintCraftApp app, string key, string header = "Authorization")
    {
        using var http = app.Http("api");
        return Client(http.BaseAddress!, key, header);
    }

    private static bool Same(ApiKey one, ApiKey other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
