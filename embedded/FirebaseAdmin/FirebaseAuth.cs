using Google.Apis.Auth;

namespace FirebaseAdmin.Auth;

/// <summary>Verifies ID tokens and looks accounts up. With FIREBASE_AUTH_EMULATOR_HOST tokens need no signature, and accounts are the emulator's.</summary>
public sealed class FirebaseAuth
{
    private const long ClockSkewSeconds = 5 * 60;
    private static readonly string[] StandardClaims = ["iss", "aud", "exp", "iat", "sub", "uid"];
    private readonly string _emulator = Environment.GetEnvironmentVariable("FIREBASE_AUTH_EMULATOR_HOST");
    private readonly string _project;
    private readonly GoogleKeys _keys;
    private readonly Lazy<HttpClient> _accounts;

    internal FirebaseAuth(AppOptions options)
    {
        var credential = IsEmulated ? GoogleCredential.FromAccessToken("owner") : options.Credential;
        var scoped = credential.IsCreateScopedRequired ? credential.CreateScoped("https://www.googleapis.com/auth/identitytoolkit") : credential;
        var retries = new ExponentialBackOffInitializer(
            ExponentialBackOffPolicy.Exception | ExponentialBackOffPolicy.UnsuccessfulResponse503, () => new(new ExponentialBackOff(TimeSpan.Zero, 4)));
        _accounts = new(() => options.HttpClientFactory.CreateHttpClient(new() { Initializers = { scoped, retries } }));
        (_project, _keys) = (options.ProjectId, new(options.HttpClientFactory, new(1, 1)));
    }

    private bool IsEmulated => !string.IsNullOrWhiteSpace(_emulator);

    /// <summary>The one of an app.</summary>
    public static FirebaseAuth GetAuth(FirebaseApp app) => app.Auth.Value;

    /// <summary>What a token says, once it is known to be Google's and for this project. Text that is no token throws what its decoder throws.</summary>
    public async Task<FirebaseToken> VerifyIdTokenAsync(string idToken, CancellationToken cancellationToken)
    {
        var parts = string.IsNullOrEmpty(idToken) ? throw new ArgumentException("There is no token.") : idToken.Split('.');
        var (header, token) = parts.Length == 3 ? (Decode<JsonWebSignature.Header>(parts[0]), Decode<FirebaseToken>(parts[1])) : throw Invalid("does not have three parts");
        var now = (long)(SystemClock.Default.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        var fault = !IsEmulated && string.IsNullOrEmpty(header.KeyId) ? "names no key (kid)"
            : !IsEmulated && header.Algorithm != "RS256" ? "is not signed with RS256 (alg)"
            : token.Audience != _project ? "is for another project (aud)"
            : token.Issuer != $"https://securetoken.google.com/{_project}" ? "is from another issuer (iss)"
            : token.IssuedAtTimeSeconds - ClockSkewSeconds > now ? "was issued in the future (iat)"
            : token.ExpirationTimeSeconds + ClockSkewSeconds < now ? throw Invalid("has expired (exp)", AuthErrorCode.ExpiredIdToken)
            : token.Uid is not { Length: > 0 and <= 128 } ? "names nobody, or in more than 128 characters (sub)"
            : !IsEmulated && !await IsSignedAsync(parts, header.KeyId, cancellationToken) ? "has a wrong signature"
            : null;
        token.Claims = fault is null ? Decode<Dictionary<string, object>>(parts[1]).ExceptBy(StandardClaims, claim => claim.Key).ToDictionary() : throw Invalid(fault);
        return token;
    }

    /// <summary>The account as it is now.</summary>
    public async Task<UserRecord> GetUserAsync(string uid, CancellationToken cancellationToken)
    {
        var url = $"{(IsEmulated ? $"http://{_emulator}/" : "https://")}identitytoolkit.googleapis.com/v1/projects/{_project}/accounts:lookup";
        using var body = new StringContent(NewtonsoftJsonSerializer.Instance.Serialize(new { localId = new[] { uid } }), Encoding.UTF8, "application/json");
        var (found, _) = await GoogleKeys.ReadAsync<FoundAccounts>(_accounts.Value.PostAsync(url, body, cancellationToken), null, AuthErrorCode.UnexpectedResponse);
        return found?.Users is [var user, ..] ? user : throw new FirebaseAuthException("There is no such account.", AuthErrorCode.UserNotFound);
    }

    private async Task<bool> IsSignedAsync(string[] parts, string keyId, CancellationToken cancellationToken)
    {
        var (signed, signature) = (Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Bytes(parts[2]));
        return (await _keys.GetAsync(cancellationToken)).TryGetValue(keyId, out var key)
            && key.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static FirebaseAuthException Invalid(string fault, AuthErrorCode code = AuthErrorCode.InvalidIdToken) => new($"The ID token {fault}.", code);

    private static T Decode<T>(string part) => NewtonsoftJsonSerializer.Instance.Deserialize<T>(Encoding.UTF8.GetString(Bytes(part)));

    private static byte[] Bytes(string part) =>
        Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/') + (part.Length % 4) switch { 2 => "==", 3 => "=", _ => "" });
}
