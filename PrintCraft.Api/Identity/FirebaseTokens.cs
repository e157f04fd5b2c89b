using FirebaseAdmin;
using FirebaseAdmin.Auth;

using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;

using Microsoft.Extensions.Options;

using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Tells whom an ID token of Firebase is for. Nothing else knows Firebase. FirebaseAdmin checks the token; with the emulator or a service
/// account the account is asked for too, so that a disabled one, a revoked sign-in or a changed role counts at once.
/// </summary>
internal sealed partial class FirebaseTokens : IDisposable
{
    /// <summary>The last second that a <see cref="DateTimeOffset"/> can tell.</summary>
    private const long LastSecond = 253_402_300_799;

    private readonly FirebaseApp? _app;
    private readonly bool _asksForAccount;
    private readonly TimeSpan _timeout;
    private readonly ILogger _logger;

    public FirebaseTokens(IOptions<FirebaseOptions> options, ILogger<FirebaseTokens> logger)
    {
        (_timeout, _logger) = (options.Value.Timeout, logger);
        if (options.Value is { ProjectId: { Length: > 0 } project } firebase)
        {
            var credential = FirebaseAccess.Credential(firebase.ServiceAccount);
            _asksForAccount = credential is not null || FirebaseAccess.IsEmulated;
            _app = FirebaseApp.Create(
                new AppOptions
                {
                    ProjectId = project,
                    // Verification needs none, but FirebaseAdmin wants one.
                    Credential = credential ?? GoogleCredential.FromAccessToken("none"),
                    HttpClientFactory = new FirebaseAccess.GoogleClients(firebase.GoogleAddress),
                },
                $"{Guid.CreateVersion7()}");
            if (!_asksForAccount)
            {
                LogAccountsUnknown();
            }
        }
    }

    /// <summary>Null for a token that is not good, whatever is wrong with it.</summary>
    /// <exception cref="FirebaseUnreachableException">It cannot be told now.</exception>
    public async Task<FirebaseIdentity?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        // Header and payload are JSON objects, "{" and a quote in base64url: FirebaseAdmin fails on JSON that is none.
        if (_app is null || !token.StartsWith("ey", StringComparison.Ordinal) || !token.Contains(".ey", StringComparison.Ordinal))
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            return await ReadAsync(FirebaseAuth.GetAuth(_app), token, patience.Token);
        }
        catch (FirebaseAuthException refused) when (refused.AuthErrorCode is AuthErrorCode.InvalidIdToken or AuthErrorCode.ExpiredIdToken or AuthErrorCode.UserNotFound)
        {
            LogRefused(refused.AuthErrorCode);
            return null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            LogRefused(AuthErrorCode.InvalidIdToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is FirebaseAuthException or TokenResponseException or HttpRequestException or OperationCanceledException)
        {
            throw new FirebaseUnreachableException(exception);
        }
    }

    public void Dispose() => _app?.Delete();

    private async Task<FirebaseIdentity?> ReadAsync(FirebaseAuth auth, string idToken, CancellationToken cancellationToken)
    {
        var token = await auth.VerifyIdTokenAsync(idToken, cancellationToken);
        var account = _asksForAccount ? await auth.GetUserAsync(token.Uid, cancellationToken) : null;
        if (account is not null && (account.Disabled || DateTime.UnixEpoch.AddSeconds(token.IssuedAtTimeSeconds) < account.TokensValidAfterTimestamp))
        {
            LogShutOut(account.Disabled ? "disabled" : "revoked");
            return null;
        }

        return new FirebaseIdentity(
            token.Uid,
            token.Claims.GetValueOrDefault("email") as string,
            token.Claims.GetValueOrDefault("email_verified") is true,
            token.Claims.GetValueOrDefault("name") as string,
            (account?.CustomClaims ?? token.Claims).GetValueOrDefault("role") is string role && Roles.All.Contains(role) ? role : Roles.User,
            (token.Claims.GetValueOrDefault("firebase") as JObject)?.Value<string>("sign_in_provider"),
            DateTimeOffset.FromUnixTimeSeconds(Math.Min(token.ExpirationTimeSeconds, LastSecond)));
    }

    [LoggerMessage(LogLevel.Debug, "A Firebase token was refused: {Reason}.")]
    private partial void LogRefused(AuthErrorCode? reason);

    [LoggerMessage(LogLevel.Information, "A Firebase token was refused: its account is {State}.")]
    private partial void LogShutOut(string state);

    [LoggerMessage(LogLevel.Warning, "Firebase:ServiceAccount is missing: a disabled account, a revoked sign-in or a changed role counts only when the token expires.")]
    private partial void LogAccountsUnknown();
}

/// <summary>Google, or the emulator, could not be asked: whether the token is good is not known.</summary>
internal sealed class FirebaseUnreachableException(Exception inner) : Exception("Firebase cannot be reached.", inner);
