using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Users;

public sealed class PreferencesTests
{
    private const string Mine = "/api/v1/users/me/preferences";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task They_begin_with_defaults_and_are_replaced_as_a_whole()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var first = await user.Api.GetMyPreferencesAsync(None);
        var changed = await user.Api.UpdateMyPreferencesAsync(new NewPreferences("watercolor", "high", "poster", new(false, true)), null, None);
        var again = await user.Api.UpdateMyPreferencesAsync(new NewPreferences("watercolor", "high", "poster", new(false, true)), null, None);
        var back = await user.Api.UpdateMyPreferencesAsync(new NewPreferences(), null, None);
        var byAdmin = await app.User("admin").Api.UpdatePreferencesAsync(user.Id, new NewPreferences("cartoon"), null, None);

        Assert.Equal(new Preferences(null, null, null, new(true, false), 0, null), first);
        Assert.Equal(new Preferences("watercolor", "high", "poster", new(false, true), 1, changed.UpdatedAt), changed);
        Assert.Equal(changed, again);
        Assert.Equal(first with { Version = 2, UpdatedAt = back.UpdatedAt }, back);
        Assert.Equal(byAdmin, await user.Api.GetPreferencesAsync(user.Id, None));
    }

    [Fact]
    public async Task Defaults_that_are_saved_unchanged_leave_no_trace()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var saved = await user.Api.UpdateMyPreferencesAsync(new NewPreferences(Notifications: new(true, false)), null, None);

        Assert.Equal((0, null), (saved.Version, saved.UpdatedAt));
        Assert.Empty(await (await app.DatabaseAsync()).ListAsync("SELECT action FROM user_audit_log WHERE user_id = $1", user.Id));
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_only_one_changes_it()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        using var read = await user.Http.GetAsync(Mine);
        var seen = read.Headers.ETag!.ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(index => user.Http.SendAsync(new HttpRequestMessage(HttpMethod.Put, Mine)
        {
            Content = new StringContent($"{{\"defaultProduct\":\"poster {index}\"}}", null, "application/json"),
            Headers = { { "If-Match", seen } },
        })));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(1, (await user.Api.GetMyPreferencesAsync(None)).Version);
    }

    [Theory]
    [InlineData("""{"defaultStyle":"oil"}""", "defaultStyle")]
    [InlineData("""{"defaultQuality":"High"}""", "defaultQuality")]
    [InlineData("""{"defaultQuality":"2"}""", "defaultQuality")]
    [InlineData("""{"defaultProduct":""}""", "defaultProduct")]
    [InlineData("""{"notifications":{"sms":true}}""", "notifications.sms")]
    [InlineData("""{"version":7}""", "version")]
    [InlineData("""{"userId":"00000000-0000-0000-0000-000000000001"}""", "userId")]
    public async Task Each_wrong_field_is_named(string body, string field)
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        using var answer = await user.Http.PutAsync(Mine, new StringContent(body, null, "application/json"));

        Assert.Equal([field], (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request")).Error.Details.Select(detail => detail.Field));
    }
}
