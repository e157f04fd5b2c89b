namespace PrintCraft.Client;

/// <summary>What you have.</summary>
/// <param name="Held">Promised to jobs that run.</param>
/// <param name="Expiring">The parts of what is available that will expire, soonest first.</param>
public sealed record Balance(long Available, long Held, IReadOnlyList<ExpiringCredits> Expiring);

public sealed record ExpiringCredits(long Amount, DateTimeOffset ExpiresAt);

/// <summary>One movement of your credits.</summary>
/// <param name="Kind">grant, expire, hold, capture or release.</param>
/// <param name="Amount">Change of what is available.</param>
/// <param name="Held">Change of what is held.</param>
public sealed record LedgerEntry(Guid Id, string Kind, long Amount, long Held, Guid? GenerationId, string? Reason, DateTimeOffset CreatedAt);

/// <summary>Credits for somebody, from an administrator.</summary>
/// <param name="Kind">admin or promo.</param>
/// <param name="ExpiresAt">What is left then is taken back.</param>
public sealed record NewGrant(Guid UserId, long Amount, string Kind, DateTimeOffset? ExpiresAt = null, string? Reason = null);

public sealed record Grant(Guid Id, Guid UserId, string Kind, long Amount, DateTimeOffset? ExpiresAt, string? Reason, Guid? GrantedBy, DateTimeOffset CreatedAt);
