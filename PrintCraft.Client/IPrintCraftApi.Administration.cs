using Refit;

namespace PrintCraft.Client;

// For administrators and support.
public partial interface IPrintCraftApi
{
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
}
