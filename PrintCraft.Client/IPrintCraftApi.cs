using Refit;

namespace PrintCraft.Client;

/// <summary>
/// The PrintCraft API. A method that returns a resource throws <see cref="ApiException"/> for an error status; its content is
/// problem+json and reads as <see cref="Problem"/> (<see cref="PrintCraftErrors.ProblemOf"/>).
/// </summary>
public interface IPrintCraftApi
{
    /// <summary>Orders images. Errors: invalid_request 400, insufficient_credits 402, precondition_failed 412, provider_unavailable 503.</summary>
    [Post("/api/v1/generations")]
    Task<Generation> CreateGenerationAsync([Body] NewGeneration generation, CancellationToken cancellationToken);

    /// <summary>Orders images once, however often it is called with the same key. Errors also: idempotency_key_in_use 409, idempotency_key_reused 422.</summary>
    /// <param name="prefer">wait=N: answer when the generation has ended, or after N seconds (at most 60).</param>
    [Post("/api/v1/generations")]
    Task<Generation> CreateGenerationOnceAsync(
        [Body] NewGeneration generation, [Header("Idempotency-Key")] string? idempotencyKey, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    /// <summary>Orders every style in every size with every seed. What the balance does not pay for is refused and shown. Errors as for one.</summary>
    [Post("/api/v1/generations/batch")]
    Task<Batch> CreateBatchAsync([Body] NewBatch batch, [Header("Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken);

    /// <summary>What an order would cost and take; runs nothing.</summary>
    [Post("/api/v1/generations/quote")]
    Task<Quote> QuoteAsync([Body] NewGeneration generation, CancellationToken cancellationToken);

    /// <summary>One of your generations. Errors: not_found 404, also for other people's.</summary>
    [Get("/api/v1/generations/{id}")]
    Task<Generation> GetGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Your generations, newest first. <paramref name="cursor"/> is the last page's <see cref="FeedPagination.NextCursor"/>.</summary>
    [Get("/api/v1/generations")]
    Task<Feed<Generation>> ListGenerationsAsync(int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Those of your generations that every given filter lets through, newest first. Several values: with commas between. Errors: invalid_request 400
    /// for a value that does not exist.
    /// </summary>
    /// <param name="status">As succeeded,failed.</param>
    /// <param name="search">Words of the prompt, in any of their forms; also "a phrase", or, -without.</param>
    [Get("/api/v1/generations")]
    Task<Feed<Generation>> FindGenerationsAsync(
        string? status,
        string? style,
        string? quality,
        [Query(Format = "O")] DateTimeOffset? createdAfter,
        [Query(Format = "O")] DateTimeOffset? createdBefore,
        [AliasAs("q")] string? search,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken);

    /// <summary>Ends a generation; one that runs ends soon after. Errors: conflict 409 when it has succeeded or failed.</summary>
    [Post("/api/v1/generations/{id}/cancel")]
    Task<Generation> CancelGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Orders a failed or cancelled generation again, as a new one. Errors: insufficient_credits 402, conflict 409.</summary>
    [Post("/api/v1/generations/{id}/retry")]
    Task<Generation> RetryGenerationAsync(Guid id, [Header("Idempotency-Key")] string? idempotencyKey, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    /// <summary>Deletes a generation that has ended, and its images. Errors: conflict 409 while it runs.</summary>
    [Delete("/api/v1/generations/{id}")]
    Task DeleteGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// The events of one generation as they come; read them with <see cref="GenerationEvents.ReadEventsAsync"/>. 204 when there are none after
    /// <paramref name="lastEventId"/> and none will come. <see cref="GenerationEvents.FollowAsync"/> does all of it.
    /// </summary>
    [Get("/api/v1/generations/{id}/events")]
    Task<HttpResponseMessage> OpenGenerationEventsAsync(Guid id, [Header("Last-Event-ID")] long? lastEventId, CancellationToken cancellationToken);

    /// <summary>The events of all your generations: from now on, or after <paramref name="lastEventId"/>. The caller disposes of the answer.</summary>
    [Get("/api/v1/generations/events")]
    Task<HttpResponseMessage> OpenEventsAsync([Header("Last-Event-ID")] long? lastEventId, CancellationToken cancellationToken);

    /// <summary>What can be ordered and what it costs: styles, qualities, sizes, limits.</summary>
    [Get("/api/v1/catalog")]
    Task<Catalog> GetCatalogAsync(CancellationToken cancellationToken);

    /// <summary>Your balance.</summary>
    [Get("/api/v1/credits")]
    Task<Balance> GetCreditsAsync(CancellationToken cancellationToken);

    /// <summary>How your credits moved, newest first.</summary>
    [Get("/api/v1/credits/ledger")]
    Task<Feed<LedgerEntry>> ListLedgerAsync(int? limit, string? cursor, CancellationToken cancellationToken);

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

    /// <summary>Gives credits to a user. For administrators. Errors: forbidden 403, not_found 404.</summary>
    [Post("/api/v1/admin/credits/grants")]
    Task<Grant> GrantCreditsAsync([Body] NewGrant grant, [Header("Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Messages that no worker could take, newest first. For administrators.</summary>
    [Get("/api/v1/admin/dead-letters")]
    Task<Page<DeadLetter>> ListDeadLettersAsync(bool? replayed, int? page, int? perPage, CancellationToken cancellationToken);

    /// <summary>Gives a dead letter another chance. For administrators. Errors: insufficient_credits 402 (its owner's), conflict 409.</summary>
    [Post("/api/v1/admin/dead-letters/{id}/replay")]
    Task<Replay> ReplayDeadLetterAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Gives every dead letter another chance, at most 500 at a time. For administrators.</summary>
    [Post("/api/v1/admin/dead-letters/replay")]
    Task<Replays> ReplayDeadLettersAsync(CancellationToken cancellationToken);

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

    /// <summary>Users, newest first. For support. Errors: invalid_request 400, forbidden 403.</summary>
    /// <param name="q">A part of the name or e-mail address, or the whole id.</param>
    /// <param name="sort">createdAt or name; with - in front the other way round.</param>
    [Get("/api/v1/admin/users")]
    Task<Page<User>> ListUsersAsync(int? page, int? perPage, string? q, string? role, string? sort, CancellationToken cancellationToken);

    /// <summary>Gives a user a role. For administrators. Errors: not_found 404, conflict 409 for taking your own.</summary>
    [Put("/api/v1/admin/users/{id}/role")]
    Task<User> SetRoleAsync(Guid id, [Body] NewRole role, CancellationToken cancellationToken);

    /// <summary>Lets a user in no more, within a minute. For administrators. Errors: not_found 404, conflict 409 for yourself.</summary>
    [Post("/api/v1/admin/users/{id}/disable")]
    Task<User> DisableUserAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Lets a user in again. For administrators. Errors: not_found 404.</summary>
    [Post("/api/v1/admin/users/{id}/enable")]
    Task<User> EnableUserAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Who changed what of which user, newest first. For administrators.</summary>
    [Get("/api/v1/admin/audit")]
    Task<Feed<AuditEntry>> ListAuditAsync(Guid? userId, Guid? actorId, string? action, int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Sends a picture (PNG, JPEG or WebP, with its Content-Type) to start generations from. Errors: invalid_request 400, conflict 409 when there are too many,
    /// payload_too_large 413, unsupported_media_type 415.
    /// </summary>
    [Post("/api/v1/uploads")]
    Task<Upload> CreateUploadAsync([Body] HttpContent file, CancellationToken cancellationToken);

    /// <summary>Gets an address to PUT a picture to. Errors: invalid_request 400, conflict 409 when there are too many.</summary>
    [Post("/api/v1/uploads/direct")]
    Task<Upload> CreateDirectUploadAsync([Body] NewDirectUpload upload, CancellationToken cancellationToken);

    /// <summary>Has the file looked at that was put. Errors: invalid_request 400 for another checksum or a file that cannot be used, conflict 409 when none was put.</summary>
    [Post("/api/v1/uploads/{id}/finalize")]
    Task<Upload> FinalizeUploadAsync(Guid id, [Body] UploadChecksum checksum, CancellationToken cancellationToken);

    /// <summary>Your uploads, newest first.</summary>
    [Get("/api/v1/uploads")]
    Task<Feed<Upload>> ListUploadsAsync(int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>One of your uploads. Errors: not_found 404, also for other people's and for what has expired.</summary>
    [Get("/api/v1/uploads/{id}")]
    Task<Upload> GetUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Deletes an upload. Errors: conflict 409 while a generation that runs needs it.</summary>
    [Delete("/api/v1/uploads/{id}")]
    Task DeleteUploadAsync(Guid id, CancellationToken cancellationToken);
}
