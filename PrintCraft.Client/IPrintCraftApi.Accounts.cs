using Refit;

namespace PrintCraft.Client;

// Accounts, users and API keys.
public partial interface IPrintCraftApi
{
    /// <summary>Opens a local account; a letter with a code goes to the address. Errors: invalid_request 400, conflict 409 when there is one.</summary>
    [Post("/api/v1/auth/register")]
    Task<AccountUser> RegisterAsync([Body] NewAccount account, CancellationToken cancellationToken);

    /// <summary>Signs in on a device. Errors: invalid_credentials 401, whatever the reason.</summary>
    [Post("/api/v1/auth/login")]
    Task<SessionTokens> LoginAsync([Body] Credentials credentials, CancellationToken cancellationToken);

    /// <summary>
    /// New tokens for a refresh token, which is good once. Never repeat it: a token that comes again ends the session. Errors: invalid_token 401, sign in again.
    /// </summary>
    [Post("/api/v1/auth/refresh")]
    Task<SessionTokens> RefreshAsync([Body] RefreshTokens tokens, CancellationToken cancellationToken);

    /// <summary>Ends this session, or all of yours.</summary>
    [Delete("/api/v1/auth/logout")]
    Task LogoutAsync(bool? everywhere, CancellationToken cancellationToken);

    /// <summary>Has a letter sent that lets its reader choose a new password, if there is such an account.</summary>
    [Post("/api/v1/auth/password-reset")]
    Task RequestPasswordResetAsync([Body] AccountEmail account, CancellationToken cancellationToken);

    /// <summary>Chooses a new password with the code of the letter; ends every session. Errors: invalid_request 400.</summary>
    [Post("/api/v1/auth/password-reset/confirm")]
    Task ResetPasswordAsync([Body] PasswordReset reset, CancellationToken cancellationToken);

    /// <summary>Changes your password; ends your other sessions. Errors: invalid_request 400, conflict 409 when you have none here.</summary>
    [Post("/api/v1/auth/password")]
    Task ChangePasswordAsync([Body] PasswordChange change, CancellationToken cancellationToken);

    /// <summary>Verifies your address with the code of the letter, which brings the welcome credits. Errors: invalid_request 400.</summary>
    [Post("/api/v1/auth/verify-email")]
    Task VerifyEmailAsync([Body] EmailVerification verification, CancellationToken cancellationToken);

    /// <summary>Has the letter with the code sent again, if there is such an account.</summary>
    [Post("/api/v1/auth/verify-email/resend")]
    Task ResendVerificationAsync([Body] AccountEmail account, CancellationToken cancellationToken);

    /// <summary>The devices on which you are signed in, the last used one first.</summary>
    [Get("/api/v1/auth/sessions")]
    Task<SessionList> ListSessionsAsync(CancellationToken cancellationToken);

    /// <summary>Signs a device out. Errors: not_found 404.</summary>
    [Delete("/api/v1/auth/sessions/{id}")]
    Task RevokeSessionAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Makes a key for a program, and shows it this once. Not with an API key. Errors: invalid_request 400, forbidden 403, conflict 409 when there are too many.</summary>
    [Post("/api/v1/api-keys")]
    Task<ApiKey> CreateApiKeyAsync([Body] NewApiKey key, CancellationToken cancellationToken);

    /// <summary>Your keys without their secrets, newest first.</summary>
    [Get("/api/v1/api-keys")]
    Task<Feed<ApiKey>> ListApiKeysAsync(int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>One of your keys. Errors: not_found 404, also when it was revoked.</summary>
    [Get("/api/v1/api-keys/{id}")]
    Task<ApiKey> GetApiKeyAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Gives a key a new secret, and shows it this once; the old one stops within a minute. Errors: not_found 404, conflict 409 when it has expired.</summary>
    [Post("/api/v1/api-keys/{id}/rotate")]
    Task<ApiKey> RotateApiKeyAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Stops a key for good, within a minute; may be repeated. Errors: not_found 404.</summary>
    [Delete("/api/v1/api-keys/{id}")]
    Task RevokeApiKeyAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Who you are, and what your credential lets you do.</summary>
    [Get("/api/v1/users/me")]
    Task<User> GetMeAsync(CancellationToken cancellationToken);

    /// <summary>Changes your names. Errors: invalid_request 400, precondition_failed 412.</summary>
    /// <param name="ifMatch">The ETag of what you have seen; null changes whatever is there.</param>
    [Put("/api/v1/users/me")]
    Task<User> UpdateMeAsync([Body] UserNames names, [Header("If-Match")] string? ifMatch, CancellationToken cancellationToken);

    /// <summary>A user: yourself, or for support anybody. Errors: not_found 404.</summary>
    [Get("/api/v1/users/{id}")]
    Task<User> GetUserAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Changes a user's names: your own, or for administrators anybody's. Errors: not_found 404, precondition_failed 412.</summary>
    [Put("/api/v1/users/{id}")]
    Task<User> UpdateUserAsync(Guid id, [Body] UserNames names, [Header("If-Match")] string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Your preferences.</summary>
    [Get("/api/v1/users/me/preferences")]
    Task<Preferences> GetMyPreferencesAsync(CancellationToken cancellationToken);

    /// <summary>Replaces your preferences; may be repeated. Errors: invalid_request 400, precondition_failed 412.</summary>
    [Put("/api/v1/users/me/preferences")]
    Task<Preferences> UpdateMyPreferencesAsync([Body] NewPreferences preferences, [Header("If-Match")] string? ifMatch, CancellationToken cancellationToken);

    /// <summary>A user's preferences: your own, or for administrators anybody's. Errors: not_found 404.</summary>
    [Get("/api/v1/users/{id}/preferences")]
    Task<Preferences> GetPreferencesAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Replaces a user's preferences: your own, or for administrators anybody's. Errors: not_found 404, precondition_failed 412.</summary>
    [Put("/api/v1/users/{id}/preferences")]
    Task<Preferences> UpdatePreferencesAsync(Guid id, [Body] NewPreferences preferences, [Header("If-Match")] string? ifMatch, CancellationToken cancellationToken);
}
