using System.Net;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;

using static PrintCraft.Tests.Identity.FirebaseSigner;

namespace PrintCraft.Tests.Identity;

/// <summary>Verification as in production: Google's keys decide, and the keys are this test's.</summary>
public sealed class FirebaseTokensTests : IAsyncLifetime
{
    private GoogleServer _google = null!;

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    private static Dictionary<string, Func<string>> Forged { get; } = new()
    {
        ["no signature, alg none"] = () => WithoutSignature(With(Genuine.Header, "alg", "none"), Payload()),
        ["no signature, alg none, no kid"] = () => WithoutSignature(new JsonObject { ["alg"] = "none", ["typ"] = "JWT" }, Payload()),
        ["no signature, alg RS256"] = () => WithoutSignature(Genuine.Header, Payload()),
        ["HS256 with the public key as its secret"] = () => Genuine.SignWithPublicKey(Payload()),
        ["HS256 in the header only"] = () => Genuine.Token(header: With(Genuine.Header, "alg", "HS256")),
        ["another key under a known id"] = () => Stranger.Token(),
        ["no key id"] = () => Genuine.Token(header: Without(Genuine.Header, "kid")),
        ["an empty key id"] = () => Genuine.Token(header: With(Genuine.Header, "kid", "")),
        ["an unknown key id"] = () => Genuine.Token(header: With(Genuine.Header, "kid", "key-2")),
        ["another payload under a signature"] = () => Swapped(Genuine.Token(), Genuine.Token(Payload("uid-of-eve"))),
        ["another project"] = () => Genuine.Token(With(Payload(), "aud", "other")),
        ["this project among others"] = () => Genuine.Token(With(Payload(), "aud", new JsonArray(Project, "other"))),
        ["no project"] = () => Genuine.Token(Without(Payload(), "aud")),
        ["another issuer"] = () => Genuine.Token(With(Payload(), "iss", "https://securetoken.Google.com/other")),
        ["no issuer"] = () => Genuine.Token(Without(Payload(), "iss")),
        ["expired ten minutes ago"] = () => Genuine.Token(With(Payload(), "exp", Seconds(-600))),
        ["without an end"] = () => Genuine.Token(Without(Payload(), "exp")),
        ["issued in ten minutes"] = () => Genuine.Token(With(Payload(), "iat", Seconds(600))),
        ["issued at a time that overflows"] = () => Genuine.Token(With(Payload(), "iat", long.MinValue)),
        ["ends at a time that overflows"] = () => Genuine.Token(With(Payload(), "exp", long.MaxValue)),
        ["an empty subject"] = () => Genuine.Token(Payload("")),
        ["no subject"] = () => Genuine.Token(Without(Payload(), "sub")),
        ["a subject of 129 characters"] = () => Genuine.Token(Payload(new string('u', 129))),
        ["a time that is text"] = () => Genuine.Token(With(Payload(), "iat", "yesterday")),
        ["a header that is no object"] = () => Genuine.Token(header: new JsonArray("RS256")),
        ["a header that is null"] = () => $"bnVsbA.{Genuine.Token().Split('.', 2)[1]}",
        ["a payload that is null"] = () => $"{Genuine.Token().Split('.')[0]}.bnVsbA.AAAA",
        ["a payload that is no object"] = () => Genuine.Token(new JsonArray("uid-of-ada")),
        ["a payload cut short"] = () => $"{Genuine.Token().Split('.')[0]}.eyJpc3MiOiJo.AAAA",
        ["a signature that is no base64"] = () => $"{Genuine.Token()}!",
        ["two parts"] = () => Genuine.Token()[..Genuine.Token().LastIndexOf('.')],
        ["four parts"] = () => $"{Genuine.Token()}.AAAA",
        ["five parts, as when encrypted"] = () => "eyJhbGciOiJSU0EifQ.eyJ.eyJ.AAAA.AAAA",
        ["nothing"] = () => "",
        ["garbage"] = () => "ey\u0000.ey\uFFFF.\u00E9",
    };

    public async Task InitializeAsync() => _google = await GoogleServer.StartAsync();

    public async Task DisposeAsync() => await _google.DisposeAsync();

    [Fact]
    public async Task A_token_that_Google_signed_for_this_project_tells_who_it_is()
    {
        using var tokens = Tokens();
        var payload = With(Payload(), "role", "creator");

        var identity = await tokens.VerifyAsync(Genuine.Token(payload), CancellationToken.None);

        var until = DateTimeOffset.FromUnixTimeSeconds((long)payload["exp"]!);
        Assert.Equal(new FirebaseIdentity("uid-of-ada", "ada@example.com", true, "Ada", "creator", "password", until), identity);
    }

    [Fact]
    public async Task Somebody_without_name_and_address_is_an_identity_too()
    {
        using var tokens = Tokens();
        var payload = Payload();
        foreach (var member in new[] { "email", "email_verified", "name", "firebase" })
        {
            payload.Remove(member);
        }

        var identity = await tokens.VerifyAsync(Genuine.Token(payload), CancellationToken.None);

        Assert.Equal((null, false, null, "user", null), (identity?.Email, identity?.EmailVerified, identity?.Name, identity?.Role, identity?.Provider));
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused(string name)
    {
        using var tokens = Tokens();

        Assert.Null(await tokens.VerifyAsync(Forged[name](), CancellationToken.None));
        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));
    }

    [Fact]
    public async Task Clocks_may_differ_by_five_minutes_and_a_subject_have_128_characters()
    {
        using var tokens = Tokens();

        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(With(Payload(), "exp", Seconds(-240))), CancellationToken.None));
        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(With(Payload(), "iat", Seconds(240))), CancellationToken.None));
        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(Payload(new string('u', 128))), CancellationToken.None));
    }

    [Theory]
    [InlineData("user", "user")]
    [InlineData("creator", "creator")]
    [InlineData("support", "support")]
    [InlineData("admin", "admin")]
    [InlineData("Admin", "user")]
    [InlineData("root", "user")]
    [InlineData("", "user")]
    public async Task Only_a_known_role_counts(string claimed, string role)
    {
        using var tokens = Tokens();

        Assert.Equal(role, (await tokens.VerifyAsync(Genuine.Token(With(Payload(), "role", claimed)), CancellationToken.None))?.Role);
    }

    [Fact]
    public async Task A_list_of_roles_is_no_role()
    {
        using var tokens = Tokens();

        Assert.Equal("user", (await tokens.VerifyAsync(Genuine.Token(With(Payload(), "role", new JsonArray("admin"))), CancellationToken.None))?.Role);
    }

    [Fact]
    public async Task Without_a_project_every_token_is_refused_and_nobody_is_asked()
    {
        using var tokens = Tokens(options => options.ProjectId = null);

        Assert.Null(await tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));
        Assert.Empty(_google.Requests);
    }

    [Fact]
    public async Task Keys_are_kept_as_long_as_Google_allows()
    {
        using var tokens = Tokens();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => tokens.VerifyAsync(Genuine.Token(), CancellationToken.None)));
        _google.Certificates[Next.KeyId] = Next.Certificate;
        Assert.Null(await tokens.VerifyAsync(Next.Token(), CancellationToken.None));

        Assert.Equal(1, _google.KeyRequests);
    }

    [Fact]
    public async Task Keys_are_asked_for_again_five_minutes_before_they_are_old()
    {
        _google.MaxAge = TimeSpan.FromMinutes(5);
        using var tokens = Tokens();
        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));

        _google.Certificates.Clear();
        _google.Certificates[Next.KeyId] = Next.Certificate;

        Assert.NotNull(await tokens.VerifyAsync(Next.Token(), CancellationToken.None));
        Assert.Null(await tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));
    }

    public static TheoryData<string> Troubles => [.. TroubleOf.Keys];

    private static Dictionary<string, Func<HttpContext, Task>> TroubleOf { get; } = new()
    {
        ["an error"] = context => Task.FromResult(context.Response.StatusCode = (int)HttpStatusCode.InternalServerError),
        ["no JSON"] = context => context.Response.WriteAsync("<html>"),
        ["no keys"] = context => context.Response.WriteAsync("{}"),
        ["a broken connection"] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        ["silence"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted),
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task While_Google_answers_with_trouble_a_token_is_neither_accepted_nor_refused(string trouble)
    {
        using var tokens = Tokens(options => options.Timeout = TimeSpan.FromMilliseconds(trouble == "silence" ? 200 : 5000));
        _google.Trouble = TroubleOf[trouble];

        await Assert.ThrowsAsync<FirebaseUnreachableException>(() => tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));
        Assert.Null(await tokens.VerifyAsync(Genuine.Token(With(Payload(), "exp", Seconds(-600))), CancellationToken.None));

        _google.Trouble = null;
        Assert.NotNull(await tokens.VerifyAsync(Genuine.Token(), CancellationToken.None));
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_not_told_that_Google_is_unreachable()
    {
        using var tokens = Tokens();
        using var gone = new CancellationTokenSource();
        _google.Trouble = context =>
        {
            gone.Cancel();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tokens.VerifyAsync(Genuine.Token(), gone.Token));
    }

    [Fact]
    public async Task With_a_service_account_the_account_decides_as_it_is_now()
    {
        using var tokens = Tokens(options => options.ServiceAccount = _google.ServiceAccount());
        var token = Genuine.Token(With(Payload(), "role", "admin"));

        Assert.Null(await tokens.VerifyAsync(token, CancellationToken.None));
        _google.Accounts["uid-of-ada"] = new JsonObject { ["localId"] = "uid-of-ada", ["customAttributes"] = """{"role":"support"}""", ["validSince"] = $"{Seconds(-120)}" };
        Assert.Equal("support", (await tokens.VerifyAsync(token, CancellationToken.None))?.Role);
        _google.Accounts["uid-of-ada"] = new JsonObject { ["localId"] = "uid-of-ada" };
        Assert.Equal("user", (await tokens.VerifyAsync(token, CancellationToken.None))?.Role);
        _google.Accounts["uid-of-ada"]["disabled"] = true;
        Assert.Null(await tokens.VerifyAsync(token, CancellationToken.None));
        _google.Accounts["uid-of-ada"] = new JsonObject { ["localId"] = "uid-of-ada", ["validSince"] = $"{Seconds(-30)}" };
        Assert.Null(await tokens.VerifyAsync(token, CancellationToken.None));

        Assert.Contains(_google.Requests, request => request.StartsWith("identitytoolkit.googleapis.com ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forged_token_is_refused_before_the_account_is_asked_for()
    {
        using var tokens = Tokens(options => options.ServiceAccount = _google.ServiceAccount());

        Assert.Null(await tokens.VerifyAsync(Stranger.Token(), CancellationToken.None));

        Assert.DoesNotContain(_google.Requests, request => request.Contains("accounts:lookup", StringComparison.Ordinal));
    }

    private static string Swapped(string token, string other) => $"{token.Split('.')[0]}.{other.Split('.')[1]}.{token.Split('.')[2]}";

    private FirebaseTokens Tokens(Action<FirebaseOptions>? change = null)
    {
        var options = new FirebaseOptions { ProjectId = Project, GoogleAddress = _google.Address };
        change?.Invoke(options);
        return new FirebaseTokens(Options.Create(options), NullLogger<FirebaseTokens>.Instance);
    }
}
