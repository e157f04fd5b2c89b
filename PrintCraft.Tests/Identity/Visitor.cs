using System.Net.Http.Headers;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.Identity;

/// <summary>Somebody at an API's door, with an e-mail address nobody else has.</summary>
internal sealed class Visitor : IDisposable
{
    public const string Password = "correct horse battery";
    public const string Other = "staple gun, stapled";

    public Visitor(Uri address, string? email = null)
    {
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Api = RestService.For<IPrintCraftApi>(Http, PrintCraftClient.Settings);
        Email = email ?? $"ana-{Guid.NewGuid():n}@example.com";
    }

    public HttpClient Http { get; }

    public IPrintCraftApi Api { get; }

    public string Email { get; }

    public NewAccount Account => new(Email, Password, "Ana", "Lucía");

    public Task<AccountUser> RegisterAsync() => Api.RegisterAsync(Account, CancellationToken.None);

    public Task<SessionTokens> TryAsync(string password) => Api.LoginAsync(new Credentials(Email, password), CancellationToken.None);

    /// <summary>Signs in and calls with that session from now on.</summary>
    public async Task<SessionTokens> LoginAsync(string password = Password, string? device = null) =>
        Use(await Api.LoginAsync(new Credentials(Email, password, device), CancellationToken.None));

    public async Task<SessionTokens> RefreshAsync(SessionTokens tokens) => Use(await Api.RefreshAsync(new RefreshTokens(tokens.RefreshToken), CancellationToken.None));

    public SessionTokens Use(SessionTokens tokens)
    {
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        return tokens;
    }

    /// <summary>The code of the newest letter with that subject, read before anybody sends it.</summary>
    public async Task<string> CodeAsync(Database sql, string subject) =>
        CodeIn(await sql.ScalarAsync<string>("SELECT body FROM letters WHERE recipient = $1 AND subject = $2 ORDER BY id DESC LIMIT 1", Email, subject));

    /// <summary>The line that is nothing but a code.</summary>
    public static string CodeIn(string letter) => letter.Split('\n').Select(line => line.Trim()).Single(line => line.Length > 80 && !line.Contains(' '));

    /// <summary>What the log tells of this account, by time; what was written together, by name.</summary>
    public Task<IReadOnlyList<string>> AuditAsync(Database sql) => sql.ListAsync(
        "SELECT action FROM user_audit_log JOIN users ON users.id = user_id WHERE email = $1 ORDER BY user_audit_log.created_at, action", Email);

    /// <summary>All that an answer tells, but for what is of the moment and no secret of anybody.</summary>
    public static async Task<string> TellsAsync(HttpResponseMessage answer)
    {
        var trace = answer.Headers.GetValues("X-Request-Id").Single();
        string[] ofTheMoment = ["Date", "RateLimit", "X-Request-Id"];
        var headers = answer.Headers.Where(header => !ofTheMoment.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");
        return $"{answer.StatusCode}\n{string.Join('\n', headers)}\n{(await answer.Content.ReadAsStringAsync()).Replace(trace, "", StringComparison.Ordinal)}";
    }

    public void Dispose() => Http.Dispose();
}
