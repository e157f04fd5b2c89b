using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Credits;

[Collection(nameof(ApiAlone))]
public sealed class CreditsTests(ApiAlone fixture)
{
    private const string Grants = "/api/v1/admin/credits/grants";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Soon = new(2098, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task The_balance_tells_what_is_free_what_is_held_and_what_expires_when()
    {
        var (admin, user) = (_scenario.User("admin"), _scenario.NewUser());
        await user.Api.GetCreditsAsync(None);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 7, "promo", Later), null, None);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 3, "admin", Soon), null, None);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 2, "promo", Soon), null, None);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 100, "admin"), null, None);

        var before = await user.Api.GetCreditsAsync(None);
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", Count: 2)));
        var after = await user.Api.GetCreditsAsync(None);

        Assert.Equal((162, 0), (before.Available, before.Held));
        Assert.Equal([new(5, Soon), new(7, Later)], before.Expiring);
        // The soonest are spent first: 5 and 3 of 7.
        Assert.Equal((154, 8), (after.Available, after.Held));
        Assert.Equal([new(4, Later)], after.Expiring);
        await user.Api.CancelGenerationAsync(id, None);
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task The_ledger_tells_every_movement_newest_first_and_pages()
    {
        var (admin, user) = (_scenario.User("admin"), _scenario.NewUser());
        await user.Api.GetCreditsAsync(None);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 9, "admin", Reason: "for the wait"), null, None);
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard")));
        await user.Api.CancelGenerationAsync(id, None);

        var whole = await user.Api.ListLedgerAsync(null, null, None);
        var paged = new List<LedgerEntry>();
        for (string? cursor = null; paged.Count < 10;)
        {
            var page = await user.Api.ListLedgerAsync(1, cursor, None);
            paged.AddRange(page.Data);
            cursor = page.Pagination.NextCursor;
            Assert.Equal(cursor is not null, page.Pagination.HasMore);
            if (cursor is null)
            {
                break;
            }
        }

        Assert.Equal(
            [("release", 4, -4, id, null), ("hold", -4, 4, id, null), ("grant", 9, 0, null, "for the wait"), ("grant", 50, 0, null, null)],
            whole.Data.Select(entry => (entry.Kind, (int)entry.Amount, (int)entry.Held, entry.GenerationId, entry.Reason)).Cast<(string, int, int, Guid?, string?)>());
        Assert.Equal(whole.Data, paged);
        Assert.Equal((await user.Api.GetCreditsAsync(None)).Available, whole.Data.Sum(entry => entry.Amount));
        Assert.Single((await _scenario.NewUser().Api.ListLedgerAsync(null, null, None)).Data);
        await (await user.Http.GetAsync("/api/v1/credits/ledger?cursor=nonsense")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        await (await user.Http.GetAsync("/api/v1/credits/ledger?limit=101")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task A_grant_is_given_once_per_key_and_says_by_whom()
    {
        var (admin, user) = (_scenario.User("admin"), _scenario.NewUser());
        await user.Api.GetCreditsAsync(None);
        var (grant, key) = (new NewGrant(user.Id, 9, "promo", Soon, "spring"), $"{Guid.NewGuid()}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => admin.PostAsync(Grants, grant, key)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Single(answers, answer => !answer.IsReplay);
        Assert.Equal(59, (await user.Api.GetCreditsAsync(None)).Available);
        Assert.Equal(
            [$"promo|9|9|spring|{admin.Id}"], await _scenario.Sql.ListAsync("SELECT kind, amount, remaining, reason, granted_by FROM grants WHERE id = $1", answers[0].Id));
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Theory]
    [InlineData("""{}""", "userId,amount,kind")]
    [InlineData("""{"userId":"USER","amount":0,"kind":"admin"}""", "amount")]
    [InlineData("""{"userId":"USER","amount":1000001,"kind":"admin"}""", "amount")]
    [InlineData("""{"userId":"USER","amount":1,"kind":"welcome"}""", "kind")]
    [InlineData("""{"userId":"USER","amount":1,"kind":"promo","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"userId":"USER","amount":1,"kind":"promo","reason":""}""", "reason")]
    [InlineData("""{"userId":"USER","amount":1,"kind":"promo","grantedBy":"USER"}""", "grantedBy")]
    public async Task Each_wrong_field_of_a_grant_is_named(string body, string fields)
    {
        var admin = _scenario.User("admin");

        var response = await admin.Http.PostAsync(Grants, new StringContent(body.Replace("USER", $"{admin.Id}"), null, "application/json"));

        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(fields, string.Join(',', problem.Error.Details.Select(detail => detail.Field)));
    }

    [Fact]
    public async Task Credits_for_nobody_are_not_granted()
    {
        var admin = _scenario.User("admin");

        await Answers.RefusedAsync(() => admin.Api.GrantCreditsAsync(new NewGrant(Guid.NewGuid(), 9, "admin"), $"{Guid.NewGuid()}", None), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Only_an_admin_may_do_what_admins_do()
    {
        var user = _scenario.NewUser();
        using var anonymous = new HttpClient { BaseAddress = user.Http.BaseAddress };
        var letter = $"/api/v1/admin/dead-letters/{Guid.NewGuid()}/replay";

        foreach (var (http, status, code) in new[] { (user.Http, HttpStatusCode.Forbidden, "forbidden"), (anonymous, HttpStatusCode.Unauthorized, "missing_token") })
        {
            await (await http.PostAsJsonAsync(Grants, new NewGrant(user.Id, 9, "admin"))).ProblemAsync(status, code);
            await (await http.GetAsync("/api/v1/admin/dead-letters")).ProblemAsync(status, code);
            await (await http.PostAsync(letter, null)).ProblemAsync(status, code);
            await (await http.PostAsync("/api/v1/admin/dead-letters/replay", null)).ProblemAsync(status, code);
        }

        Assert.Equal(50, (await user.Api.GetCreditsAsync(None)).Available);
    }
}
