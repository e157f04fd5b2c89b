using System.Net;
using System.Net.Http.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

[Collection(nameof(ApiAlone))]
public sealed class NewPasswordTests(ApiAlone fixture)
{
    private const string Reset = "Reset your password";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_reset_gives_a_new_password_ends_every_session_and_opens_the_lock()
    {
        using var ana = await NewAsync();
        var tokens = await ana.LoginAsync();
        await _scenario.Sql.ExecuteAsync("UPDATE users SET lockout_end = now() + interval '1 hour', access_failed_count = 3 WHERE email = $1", ana.Email);
        await ana.Api.RequestPasswordResetAsync(new AccountEmail(ana.Email), None);
        var code = await ana.CodeAsync(_scenario.Sql, Reset);

        await ana.Api.ResetPasswordAsync(new PasswordReset(ana.Email, code, Visitor.Other), None);

        await (await ana.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => ana.Api.RefreshAsync(new RefreshTokens(tokens.RefreshToken), None), HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => ana.TryAsync(Visitor.Password), HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.NotNull(await ana.LoginAsync(Visitor.Other));
        Assert.Equal(["user.registered", "session.created", "session.revoked", "user.password_reset", "session.created"], await ana.AuditAsync(_scenario.Sql));
    }

    [Fact]
    public async Task The_code_of_a_reset_is_good_once_also_at_the_same_time()
    {
        using var ana = await NewAsync();
        await ana.Api.RequestPasswordResetAsync(new AccountEmail(ana.Email), None);
        var code = await ana.CodeAsync(_scenario.Sql, Reset);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ana.Http.PostAsJsonAsync("/api/v1/auth/password-reset/confirm", new PasswordReset(ana.Email, code, Visitor.Other))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
        {
            await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        }
    }

    [Fact]
    public async Task A_code_serves_one_account_and_one_purpose()
    {
        using var ana = await NewAsync();
        using var eve = await NewAsync();
        await eve.Api.RequestPasswordResetAsync(new AccountEmail(eve.Email), None);
        var reset = await eve.CodeAsync(_scenario.Sql, Reset);
        var verification = await ana.CodeAsync(_scenario.Sql, "Verify your e-mail address");

        foreach (var (email, code) in new[] { (ana.Email, reset), (ana.Email, verification), ("nobody@example.com", reset), (ana.Email, "AAAA") })
        {
            await Answers.RefusedAsync(() => ana.Api.ResetPasswordAsync(new PasswordReset(email, code, Visitor.Other), None), HttpStatusCode.BadRequest, "invalid_request");
        }

        Assert.NotNull(await ana.LoginAsync());
    }

    [Fact]
    public async Task Nobody_learns_from_a_reset_who_has_an_account()
    {
        using var ana = await NewAsync();
        using var nobody = new Visitor(_scenario.Api.Address);
        var before = await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM letters");

        var (known, unknown) = (await AskAsync(ana), await AskAsync(nobody));

        Assert.Equal(known, unknown);
        // The same is written for both; only one of the two is ever due.
        Assert.Equal(before + 2, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM letters"));
        Assert.Equal(["0"], await _scenario.Sql.ListAsync("SELECT count(*) FROM letters WHERE recipient = $1", nobody.Email));

        static async Task<string> AskAsync(Visitor visitor) =>
            await Visitor.TellsAsync(await visitor.Http.PostAsJsonAsync("/api/v1/auth/password-reset", new AccountEmail(visitor.Email)));
    }

    [Fact]
    public async Task A_change_needs_the_old_password_and_ends_the_other_sessions()
    {
        using var phone = await NewAsync();
        using var desk = new Visitor(_scenario.Api.Address, phone.Email);
        await phone.LoginAsync();
        await desk.LoginAsync();

        var problem = await Answers.RefusedAsync(
            () => desk.Api.ChangePasswordAsync(new PasswordChange("wrong wrong", Visitor.Other), None), HttpStatusCode.BadRequest, "invalid_request");
        await desk.Api.ChangePasswordAsync(new PasswordChange(Visitor.Password, Visitor.Other), None);

        Assert.Equal("currentPassword", Assert.Single(problem.Error.Details).Field);
        Assert.Single((await desk.Api.ListSessionsAsync(None)).Data);
        await (await phone.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await Answers.RefusedAsync(() => phone.TryAsync(Visitor.Password), HttpStatusCode.Unauthorized, "invalid_credentials");
        Assert.NotNull(await phone.LoginAsync(Visitor.Other));
        Assert.Equal(
            ["user.registered", "session.created", "session.created", "session.revoked", "user.password_changed", "session.created"], await phone.AuditAsync(_scenario.Sql));
    }

    [Fact]
    public async Task A_letter_that_was_out_when_the_password_changed_resets_nothing()
    {
        using var ana = await NewAsync();
        await ana.LoginAsync();
        await ana.Api.RequestPasswordResetAsync(new AccountEmail(ana.Email), None);
        await ana.Api.ChangePasswordAsync(new PasswordChange(Visitor.Password, Visitor.Other), None);

        var reset = new PasswordReset(ana.Email, await ana.CodeAsync(_scenario.Sql, Reset), Visitor.Password);
        await Answers.RefusedAsync(() => ana.Api.ResetPasswordAsync(reset, None), HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Guessing_the_old_password_locks_the_account_too()
    {
        using var ana = await NewAsync();
        await ana.LoginAsync();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await Answers.RefusedAsync(() => ana.Api.ChangePasswordAsync(new PasswordChange("wrong wrong", Visitor.Other), None), HttpStatusCode.BadRequest, "invalid_request");
        }

        await Answers.RefusedAsync(() => ana.Api.ChangePasswordAsync(new PasswordChange(Visitor.Password, Visitor.Other), None), HttpStatusCode.BadRequest, "invalid_request");
        await Answers.RefusedAsync(() => ana.TryAsync(Visitor.Password), HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task Who_has_no_password_here_cannot_change_it()
    {
        var developer = _scenario.NewUser();

        await Answers.RefusedAsync(() => developer.Api.ChangePasswordAsync(new PasswordChange(Visitor.Password, Visitor.Other), None), HttpStatusCode.Conflict, "conflict");
    }

    private async Task<Visitor> NewAsync()
    {
        var visitor = new Visitor(_scenario.Api.Address);
        await visitor.RegisterAsync();
        return visitor;
    }
}
