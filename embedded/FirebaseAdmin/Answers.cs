namespace FirebaseAdmin.Auth;

/// <summary>Why a call failed; upstream's first values, in its order.</summary>
public enum AuthErrorCode
{
    CertificateFetchFailed, EmailAlreadyExists, ExpiredIdToken, InvalidIdToken, PhoneNumberAlreadyExists, UidAlreadyExists, UnexpectedResponse, UserNotFound,
}

/// <summary>A token that is not accepted, or a Google that does not answer.</summary>
public sealed class FirebaseAuthException : Exception
{
    internal FirebaseAuthException(string message, AuthErrorCode? code, Exception inner = null) : base(message, inner) => AuthErrorCode = code;

    /// <summary>Null when Google could not be asked about an account.</summary>
    public AuthErrorCode? AuthErrorCode { get; }
}

/// <summary>What a verified ID token says.</summary>
public sealed class FirebaseToken
{
    internal FirebaseToken() { }

    /// <summary>Whose it is.</summary>
    [JsonProperty("sub")]
    public string Uid { get; private set; }
    /// <summary>From when it is not good any more, in seconds of the Unix epoch.</summary>
    [JsonProperty("exp")]
    public long ExpirationTimeSeconds { get; private set; }
    /// <summary>When it was issued, in seconds of the Unix epoch.</summary>
    [JsonProperty("iat")]
    public long IssuedAtTimeSeconds { get; private set; }
    /// <summary>Everything but iss, aud, exp, iat, sub and uid, as Newtonsoft.Json reads it.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, object> Claims { get; internal set; }
    [JsonProperty("iss")]
    internal string Issuer { get; private set; }
    [JsonProperty("aud")]
    internal string Audience { get; private set; }
}

/// <summary>An account.</summary>
public sealed class UserRecord
{
    internal UserRecord() { }

    /// <summary>Whether it may not be used.</summary>
    [JsonProperty("disabled")]
    public bool Disabled { get; private set; }
    /// <summary>Tokens that were issued before are revoked.</summary>
    public DateTime TokensValidAfterTimestamp => DateTime.UnixEpoch.AddSeconds(ValidSince);
    /// <summary>What an administrator wrote on the account; in each token that is issued later.</summary>
    public IReadOnlyDictionary<string, object> CustomClaims => NewtonsoftJsonSerializer.Instance.Deserialize<Dictionary<string, object>>(CustomAttributes ?? "{}");
    [JsonProperty("validSince")]
    private long ValidSince { get; set; }
    [JsonProperty("customAttributes")]
    private string CustomAttributes { get; set; }
}

internal sealed record FoundAccounts(UserRecord[] Users);
