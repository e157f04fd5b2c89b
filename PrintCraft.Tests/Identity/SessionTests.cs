using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

[Collection(nameof(ApiAlone))]
public sealed class SessionTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_refresh_gives_new_tokens_and_the_old_access_token_goes_on_till_its_end()
    {
        using var ana = await NewAsync();
        var first = await ana.LoginAsync();
        var second = await ana.RefreshAsync(first);
        var third = await ana.RefreshAsync(second);

        Assert.Equal(("Bearer", 900, 604_800), (first.TokenType, first.ExpiresIn, first.RefreshExpiresIn));
        Assert.Equal(3, new[] { first, second, third }.Select(tokens => tokens.RefreshToken).Distinct().Count());
        ana.Use(first);
        Assert.Single((await ana.Api.ListSessionsAsync(None)).Data);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_again_ends_the_session_for_both()
    {
        using var ana = await NewAsync();
        var first = await ana.LoginAsync();
        var second = await ana.RefreshAsync(first);

        await RefusedAsync(ana, first);
        await RefusedAsync(ana, second);

        await (await ana.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal(["reuse"], await _scenario.Sql.ListAsync("SELECT revoked_because FROM sessions WHERE user_id = $1", first.User.Id));
        Assert.Equal(["user.registered", "session.created", "session.reused"], await ana.AuditAsync(_scenario.Sql));
        Assert.NotNull(await ana.LoginAsync());
    }

    [Fact]
    public async Task Of_two_with_the_same_token_at_once_one_gets_new_ones_and_the_session_ends()
    {
        using var ana = await NewAsync();
        var tokens = await ana.LoginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ana.Http.PostAsJsonAsync("/api/v1/auth/refresh", new RefreshTokens(tokens.RefreshToken))));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], answers.Select(answer => answer.StatusCode).Order());
        var winner = await answers.Single(answer => answer.IsSuccessStatusCode).Content.ReadFromJsonAsync<SessionTokens>();
        await RefusedAsync(ana, winner!);
        Assert.Equal(["reuse"], await _scenario.Sql.ListAsync("SELECT revoked_because FROM sessions WHERE user_id = $1", tokens.User.Id));
    }

    [Fact]
    public async Task A_token_that_is_too_old_unknown_or_none_is_refused_and_ends_nothing()
    {
        using var ana = await NewAsync();
        var (old, good) = (await ana.LoginAsync(), await ana.LoginAsync());
        await _scenario.Sql.ExecuteAsync("UPDATE sessions SET expires_at = now() WHERE id = (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id LIMIT 1)", good.User.Id);

        await RefusedAsync(ana, old);
        await RefusedAsync(ana, good with { RefreshToken = Core.Identity.RefreshToken.Create(Guid.CreateVersion7()).Text });
        await RefusedAsync(ana, good with { RefreshToken = "pcr_" });
        await RefusedAsync(ana, good with { RefreshToken = good.AccessToken });
        await (await ana.Http.PostAsJsonAsync("/api/v1/auth/refresh", new { })).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");

        Assert.NotNull(await ana.RefreshAsync(good));
    }

    [Fact]
    public async Task A_disabled_user_gets_no_new_tokens()
    {
        using var ana = await NewAsync();
        var tokens = await ana.LoginAsync();
        await _scenario.Sql.ExecuteAsync("UPDATE users SET disabled_at = now() WHERE id = $1", tokens.User.Id);

        await RefusedAsync(ana, tokens);
        await Answers.RefusedAsync(() => ana.TryAsync(Visitor.Password), HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Signing_out_ends_this_session_or_all_of_them()
    {
        using var phone = await NewAsync();
        using var desk = new Visitor(_scenario.Api.Address, phone.Email);
        using var third = new Visitor(_scenario.Api.Address, phone.Email);
        var (onPhone, onDesk) = (await phone.LoginAsync(), await desk.LoginAsync());
        await third.LoginAsync();

        await phone.Api.LogoutAsync(null, None);

        await (await phone.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await RefusedAsync(phone, onPhone);
        Assert.Equal(2, (await desk.Api.ListSessionsAsync(None)).Data.Count);

        await desk.Api.LogoutAsync(true, None);

        await (await third.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await RefusedAsync(desk, onDesk);
        Assert.Equal(["logout|3"], await _scenario.Sql.ListAsync("SELECT revoked_because, count(*) FROM sessions WHERE user_id = $1 GROUP BY 1", onPhone.User.Id));
    }

    [Fact]
    public async Task The_devices_are_listed_and_signed_out_one_by_one()
    {
        using var phone = await NewAsync();
        using var desk = new Visitor(_scenario.Api.Address, phone.Email);
        using var eve = await NewAsync();
        await phone.LoginAsync(device: "Ana's phone");
        await desk.LoginAsync();
        await eve.LoginAsync();

        var devices = (await desk.Api.ListSessionsAsync(None)).Data;
        var ofPhone = devices.Single(device => !device.Current).Id;
        await Answers.RefusedAsync(() => eve.Api.RevokeSessionAsync(ofPhone, None), HttpStatusCode.NotFound, "not_found");
        Assert.NotNull(await phone.Api.GetCreditsAsync(None));
        await desk.Api.RevokeSessionAsync(ofPhone, None);
        await desk.Api.RevokeSessionAsync(ofPhone, None);

        Assert.Equal([("unnamed device", true), ("Ana's phone", false)], devices.Select(device => (device.Device, device.Current)));
        await (await phone.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Single((await desk.Api.ListSessionsAsync(None)).Data);
    }

    [Fact]
    public async Task Who_has_no_session_here_can_sign_out_too()
    {
        var developer = _scenario.NewUser();

        await developer.Api.LogoutAsync(null, None);

        Assert.Empty((await developer.Api.ListSessionsAsync(None)).Data);
    }

    [Fact]
    public async Task Every_refusal_at_the_door_is_the_same()
    {
        using var ana = await NewAsync();
        using var locked = await NewAsync();
        using var disabled = await NewAsync();
        using var nobody = new Visitor(_scenario.Api.Address);
        await _scenario.Sql.ExecuteAsync("UPDATE users SET lockout_end = now() + interval '1 hour' WHERE email = $1", locked.Email);
        await _scenario.Sql.ExecuteAsync("UPDATE users SET disabled_at = now() WHERE email = $1", disabled.Email);

        var answers = new List<string>();
        foreach (var (visitor, password) in new[] { (ana, "wrong wrong"), (ana, "x"), (locked, Visitor.Password), (disabled, Visitor.Password), (nobody, Visitor.Password) })
        {
            var answer = await visitor.Http.PostAsJsonAsync("/api/v1/auth/login", new Credentials(visitor.Email, password, "a device"));
            await answer.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_credentials");
            answers.Add(await Visitor.TellsAsync(answer));
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("WWW-Authenticate: Bearer", answers[0], StringComparison.Ordinal);
        Assert.NotNull(await ana.LoginAsync());
    }

    private async Task<Visitor> NewAsync()
    {
        var visitor = new Visitor(_scenario.Api.Address);
        await visitor.RegisterAsync();
        return visitor;
    }

    private static Task<Problem> RefusedAsync(Visitor visitor, SessionTokens tokens) =>
        Answers.RefusedAsync(() => visitor.Api.RefreshAsync(new RefreshTokens(tokens.RefreshToken), None), HttpStatusCode.Unauthorized, "invalid_token");
}
