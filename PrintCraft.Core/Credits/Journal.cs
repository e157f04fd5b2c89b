namespace PrintCraft.Core.Credits;

/// <summary>Where credits can lie.</summary>
public enum AccountKind
{
    /// <summary>A user's, free to spend.</summary>
    Available,

    /// <summary>A user's, promised to jobs that run.</summary>
    Held,

    /// <summary>The house's, earned. Has no row: its balance is the sum of its entries, so no job waits for another's.</summary>
    Revenue,

    /// <summary>The house's, given away. Has no row, as above; its balance is negative.</summary>
    Promo,
}

/// <summary>
/// What a user has: the sums of his entries, kept beside them because a debit must be decided in one UPDATE. Whoever changes what belongs to a user locks
/// this row first, and no other user's after it but in the order of the ids.
/// </summary>
public sealed class Account
{
    public required Guid UserId { get; init; }

    /// <summary>Credits that are free to spend, never below 0 (a CHECK refuses it).</summary>
    public required long Available { get; init; }

    /// <summary>Credits that are promised to jobs that run, never below 0.</summary>
    public required long Held { get; init; }

    /// <summary>The part of what is available that will expire: the sum of what is left of such grants.</summary>
    public long Expiring { get; init; }

    /// <summary>Number of the newest event of the user's jobs: here, because whoever tells one changes this row anyhow.</summary>
    public long LastEvent { get; init; }
}

/// <summary>Why credits moved.</summary>
public enum JournalKind
{
    /// <summary>Promo to available: a gift; business id welcome:{user}, else the grant's.</summary>
    Grant,

    /// <summary>Available to promo: a gift was not spent in time; business id {grant}:{number}.</summary>
    Expire,

    /// <summary>Available to held: a job was accepted; business id is the job's.</summary>
    Hold,

    /// <summary>Held to revenue: a job's images were made.</summary>
    Capture,

    /// <summary>Held to available: a job, or a share of it, failed.</summary>
    Release,
}

/// <summary>One movement of credits. Append-only; its entries sum to zero; (kind, business id) is unique, so nothing moves twice.</summary>
public sealed class Journal
{
    public required Guid Id { get; init; }

    public required JournalKind Kind { get; init; }

    public required string BusinessId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>One side of a movement; written only with its <see cref="Journal"/>.</summary>
public sealed class JournalEntry
{
    /// <summary>Owner of the house's accounts.</summary>
    public static readonly Guid House = Guid.Empty;

    public required Guid JournalId { get; init; }

    public required Guid UserId { get; init; }

    public required AccountKind Account { get; init; }

    /// <summary>Credits; positive comes in, negative goes out, never 0.</summary>
    public required long Amount { get; init; }
}
