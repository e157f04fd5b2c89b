using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Users;

/// <summary>Who somebody is, and what he may change of it.</summary>
public sealed class UserTests
{
    private const string Me = "/api/v1/users/me";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Everybody_sees_who_he_is_and_what_his_credential_lets_him_do()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var (me, same, admin) = (await user.Api.GetMeAsync(None), await user.Api.GetUserAsync(user.Id, None), await app.User("admin").Api.GetMeAsync(None));

        Assert.Equal((user.Id, "user", null, false), (me.Id, me.Role, me.Email, me.EmailVerified));
        Assert.Equal(("development", "user"), (me.Credential!.Kind, me.Credential.Role));
        Assert.Equal(["read", "write"], me.Credential.Scopes);
        Assert.Equal(me with { Credential = null }, same with { Credential = null });
        Assert.Equal(["read", "write", "admin"], admin.Credential!.Scopes);
    }

    [Fact]
    public async Task Names_are_replaced_and_the_same_again_changes_nothing()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var before = await user.Api.GetMeAsync(None);

        var both = await user.Api.UpdateMeAsync(new UserNames("Ana", "Díaz"), null, None);
        var again = await user.Api.UpdateMeAsync(new UserNames("Ana", "Díaz"), null, None);
        var named = await user.Api.UpdateMeAsync(new UserNames(Name: "ana"), null, None);
        var none = await user.Api.UpdateUserAsync(user.Id, new UserNames(), null, None);

        Assert.Equal(("Ana", "Díaz", "Ana Díaz"), (both.FirstName, both.LastName, both.Name));
        Assert.True(both.UpdatedAt > before.UpdatedAt);
        Assert.Equal(both, again);
        Assert.Equal((null, null, "ana"), (named.FirstName, named.LastName, named.Name));
        Assert.Equal(named, none);
        Assert.Equal(named, (await user.Api.GetMeAsync(None)) with { Credential = null });
    }

    [Fact]
    public async Task If_Match_lets_a_change_happen_only_to_what_was_seen()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        using var read = await user.Http.GetAsync(Me);
        var seen = read.Headers.ETag!.ToString();

        await user.Api.UpdateMeAsync(new UserNames("Ana"), seen, None);
        using var reread = await user.Http.GetAsync($"/api/v1/users/{user.Id}");

        Assert.NotEqual(seen, reread.Headers.ETag!.ToString());
        using var unchanged = await user.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, Me) { Headers = { { "If-None-Match", $"{reread.Headers.ETag}" } } });
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        foreach (var wrong in new[] { seen, "\"nonsense\"", "no tag" })
        {
            await Answers.RefusedAsync(() => user.Api.UpdateMeAsync(new UserNames("Eva"), wrong, None), HttpStatusCode.PreconditionFailed, "precondition_failed");
        }

        Assert.Equal("Ana", (await user.Api.GetMeAsync(None)).FirstName);
        await user.Api.UpdateMeAsync(new UserNames("Eva"), $"{seen}, {reread.Headers.ETag}", None);
        Assert.Equal("Iva", (await user.Api.UpdateMeAsync(new UserNames("Iva"), "*", None)).FirstName);
    }

    [Theory]
    [InlineData("role", "\"admin\"")]
    [InlineData("id", "\"00000000-0000-0000-0000-000000000001\"")]
    [InlineData("email", "\"a@b.example\"")]
    [InlineData("emailVerified", "true")]
    [InlineData("disabledAt", "null")]
    [InlineData("passwordHash", "\"x\"")]
    [InlineData("createdAt", "\"2020-01-01T00:00:00Z\"")]
    [InlineData("credential", "{\"scopes\":[\"admin\"]}")]
    [InlineData("firstName", "\"\"")]
    [InlineData("lastName", "\" Díaz\"")]
    [InlineData("name", "\"a\\u0000b\"")]
    public async Task What_is_not_his_to_change_is_refused(string field, string value)
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var before = await user.Api.GetMeAsync(None);

        using var answer = await user.Http.PutAsync(Me, new StringContent($"{{\"{field}\":{value}}}", null, "application/json"));

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request")).Error.Details.Select(detail => detail.Field));
        Assert.Equal(before with { Credential = null }, (await user.Api.GetMeAsync(None)) with { Credential = null });
    }

    [Fact]
    public async Task Somebody_else_is_answered_as_nobody()
    {
        var app = await PrintCraftApp.GetAsync();
        var (owner, stranger) = (app.NewUser(), app.NewUser());
        await owner.Api.GetMeAsync(None);

        foreach (var path in new[] { "", "/preferences" })
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put })
            {
                var answers = new List<Problem>();
                foreach (var id in new[] { owner.Id, Guid.CreateVersion7() })
                {
                    using var answer = await stranger.Http.SendAsync(
                        new HttpRequestMessage(method, $"/api/v1/users/{id}{path}") { Content = method == HttpMethod.Put ? JsonContent.Create(new { }) : null });
                    answers.Add(await answer.ProblemAsync(HttpStatusCode.NotFound, "not_found"));
                }

                Assert.Equal((answers[0].Detail, answers[0].Error.Message), (answers[1].Detail, answers[1].Error.Message));
            }
        }
    }
}
