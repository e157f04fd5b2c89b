using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>A local account from its first letter to its last call, on the whole graph.</summary>
public sealed class AccountLifeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Somebody_registers_verifies_signs_in_orders_refreshes_and_signs_out()
    {
        var app = await PrintCraftApp.GetAsync();
        using var door = app.Http("api");
        using var ana = new Visitor(door.BaseAddress!);

        var user = await ana.RegisterAsync();
        var letter = await LetterAsync(app, ana.Email);
        await ana.Api.VerifyEmailAsync(new EmailVerification(ana.Email, Visitor.CodeIn(letter)), None);
        var first = await ana.LoginAsync(device: "a test");
        Assert.Equal(50, (await ana.Api.GetCreditsAsync(None)).Available);

        var order = await ana.Api.CreateGenerationAsync(new NewGeneration("a lighthouse", Options: new("draft", 512, 512)), None);
        var second = await ana.RefreshAsync(first);
        var done = await app.WaitUntilFinalAsync(new TestUser(user.Id, second.AccessToken, ana.Http, ana.Api), order.Id);
        await ana.Api.LogoutAsync(null, None);

        Assert.Equal((user.Id, GenerationStatus.Succeeded), (done.UserId, done.Status));
        await (await ana.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await AssertNoSecretIsKeptAsync(app, user.Id, ana.Email, Visitor.CodeIn(letter), first, second);
    }

    /// <summary>The letter as it lies in the folder.</summary>
    internal static async Task<string> LetterAsync(PrintCraftApp app, string email)
    {
        string? letter = null;
        var sql = await app.DatabaseAsync();
        // Written down as sent, so that the file is whole.
        await Eventually.HoldsAsync(
            async () => await sql.ScalarAsync<long>("SELECT count(*) FROM letters WHERE recipient = $1 AND sent_at IS NOT NULL", email) == 1
                && (letter = Directory.EnumerateFiles(app.MailFolder, "*.eml").Select(File.ReadAllText).SingleOrDefault(text => text.Contains(email, StringComparison.Ordinal))) is not null,
            () => $"the letter to {email}. {app.Story()}",
            TimeSpan.FromSeconds(30));
        return letter!;
    }

    private static async Task AssertNoSecretIsKeptAsync(PrintCraftApp app, Guid userId, string email, string code, params SessionTokens[] tokens)
    {
        var sql = await app.DatabaseAsync();
        var kept = string.Join('\n', await sql.ListAsync(
            """
            SELECT to_jsonb(users)::text FROM users WHERE id = $1 UNION ALL SELECT to_jsonb(sessions)::text FROM sessions WHERE user_id = $1
            UNION ALL SELECT to_jsonb(user_audit_log)::text FROM user_audit_log WHERE user_id = $1 UNION ALL SELECT to_jsonb(letters)::text FROM letters WHERE recipient = $2
            """,
            userId, email));

        Assert.Contains("session.created", kept, StringComparison.Ordinal);
        Assert.All(
            [Visitor.Password, code, .. tokens.SelectMany(token => new[] { token.AccessToken, token.RefreshToken })],
            secret =>
            {
                Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
                Assert.DoesNotContain(secret, app.Story(), StringComparison.Ordinal);
            });
    }
}
