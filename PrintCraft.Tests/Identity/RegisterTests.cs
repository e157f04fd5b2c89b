using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

[Collection(nameof(ApiAlone))]
public sealed class RegisterTests(ApiAlone fixture)
{
    private const string Verify = "Verify your e-mail address";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task The_welcome_credits_come_with_the_verified_address_once()
    {
        using var ana = Ana();
        var user = await ana.RegisterAsync();
        var tokens = await ana.LoginAsync();
        var before = await ana.Api.GetCreditsAsync(None);
        var code = await ana.CodeAsync(_scenario.Sql, Verify);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ana.Api.VerifyEmailAsync(new EmailVerification(ana.Email, code), None)));

        Assert.Equal((ana.Email, "Ana", "Lucía", false, "user", user.CreatedAt), (user.Email, user.FirstName, user.LastName, user.EmailVerified, user.Role, user.UpdatedAt));
        Assert.Equal(user, tokens.User);
        Assert.Equal((0, 50), (before.Available, (await ana.Api.GetCreditsAsync(None)).Available));
        Assert.True((await ana.LoginAsync()).User.EmailVerified);
        Assert.Equal(["user.registered", "session.created", "user.email_verified", "session.created"], await ana.AuditAsync(_scenario.Sql));
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task The_answer_has_the_account_and_no_secret()
    {
        using var ana = Ana();

        var answer = await ana.Http.PostAsync("/api/v1/auth/register", Json($$"""{"email":"{{ana.Email}}","password":"{{Visitor.Password}}","firstName":"Ana","lastName":"L"}"""));
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(
            ["id", "email", "firstName", "lastName", "emailVerified", "role", "createdAt", "updatedAt"],
            System.Text.Json.JsonDocument.Parse(text).RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task An_address_has_one_account_in_whatever_case_and_however_many_ask_at_once()
    {
        using var ana = Ana();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => ana.Http.PostAsync(
            "/api/v1/auth/register",
            Json($$"""{"email":"{{(index % 2 == 0 ? ana.Email : ana.Email.ToUpperInvariant())}}","password":"{{Visitor.Password}}","firstName":"Ana","lastName":"L"}"""))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await answer.ProblemAsync(HttpStatusCode.Conflict, "conflict");
        }

        Assert.Equal(
            ["1|1|1"],
            await _scenario.Sql.ListAsync(
                """
                SELECT count(*), (SELECT count(*) FROM letters WHERE upper(recipient) = $1), (SELECT count(*) FROM accounts JOIN users ON id = user_id WHERE normalized_email = $1)
                FROM users WHERE normalized_email = $1
                """,
                ana.Email.ToUpperInvariant()));
    }

    [Fact]
    public async Task A_second_account_with_the_same_address_gets_no_second_welcome()
    {
        using var ana = Ana();
        await ana.RegisterAsync();
        await ana.Api.VerifyEmailAsync(new EmailVerification(ana.Email, await ana.CodeAsync(_scenario.Sql, Verify)), None);
        await _scenario.Sql.ExecuteAsync("UPDATE users SET normalized_email = $2, email = $2 WHERE email = $1", ana.Email, $"{Guid.NewGuid()}");

        await ana.RegisterAsync();
        await ana.Api.VerifyEmailAsync(new EmailVerification(ana.Email, await ana.CodeAsync(_scenario.Sql, Verify)), None);
        var tokens = await ana.LoginAsync();

        Assert.True(tokens.User.EmailVerified);
        Assert.Equal(0, (await ana.Api.GetCreditsAsync(None)).Available);
    }

    [Theory]
    [InlineData("register", """{}""", "email,password,firstName,lastName")]
    [InlineData("register", """{"email":"a","password":"1234567","firstName":"","lastName":"\u0000"}""", "email,password,firstName,lastName")]
    [InlineData("register", """{"email":"a@b.c","password":"12345678","firstName":"A","lastName":"L","role":"admin"}""", "role")]
    [InlineData("register", """{"email":"a@b.c","password":"12345678","firstName":"A","lastName":"L","emailVerified":true}""", "emailVerified")]
    [InlineData("register", """{"email":7}""", "email")]
    [InlineData("login", """{}""", "email,password")]
    [InlineData("login", """{"email":"a\u0000@b.c","password":"x","device":""}""", "email,device")]
    [InlineData("refresh", """{"refreshToken":7}""", "refreshToken")]
    [InlineData("verify-email", """{}""", "email,token")]
    [InlineData("verify-email/resend", """{"email":"a"}""", "email")]
    [InlineData("password-reset", """{}""", "email")]
    [InlineData("password-reset/confirm", """{"token":"x","password":"1234567"}""", "email,password")]
    public async Task Each_wrong_field_is_named(string path, string body, string fields)
    {
        using var ana = Ana();

        var problem = await (await ana.Http.PostAsync($"/api/v1/auth/{path}", Json(body))).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(fields, string.Join(',', problem.Error.Details.Select(detail => detail.Field)));
    }

    [Fact]
    public async Task A_wrong_code_verifies_nothing_and_says_the_same_for_nobody()
    {
        using var ana = Ana();
        using var eve = Ana();
        await ana.RegisterAsync();
        await eve.RegisterAsync();
        var codeOfEve = await eve.CodeAsync(_scenario.Sql, Verify);
        await eve.Api.RequestPasswordResetAsync(new AccountEmail(eve.Email), None);

        foreach (var (email, code) in new[] { (ana.Email, "AAAA"), (ana.Email, codeOfEve), ("nobody@example.com", codeOfEve), (eve.Email, await eve.CodeAsync(_scenario.Sql, "Reset your password")) })
        {
            var problem = await Answers.RefusedAsync(() => ana.Api.VerifyEmailAsync(new EmailVerification(email, code), None), HttpStatusCode.BadRequest, "invalid_request");
            Assert.Equal("is wrong, was used or is too old; have a new letter sent", Assert.Single(problem.Error.Details).Message);
        }

        await ana.LoginAsync();
        Assert.Equal(0, (await ana.Api.GetCreditsAsync(None)).Available);
    }

    [Fact]
    public async Task The_letter_is_sent_again_only_to_who_needs_it()
    {
        using var ana = Ana();
        using var nobody = Ana();
        await ana.RegisterAsync();

        await ana.Api.ResendVerificationAsync(new AccountEmail(ana.Email), None);
        await nobody.Api.ResendVerificationAsync(new AccountEmail(nobody.Email), None);
        await ana.Api.VerifyEmailAsync(new EmailVerification(ana.Email, await ana.CodeAsync(_scenario.Sql, Verify)), None);
        await ana.Api.ResendVerificationAsync(new AccountEmail(ana.Email), None);

        Assert.Equal(["2"], await _scenario.Sql.ListAsync("SELECT count(*) FROM letters WHERE recipient = $1", ana.Email));
        Assert.Equal(["0"], await _scenario.Sql.ListAsync("SELECT count(*) FROM letters WHERE recipient = $1", nobody.Email));
    }

    private Visitor Ana() => new(_scenario.Api.Address);

    private static StringContent Json(string body) => new(body, null, "application/json");
}
