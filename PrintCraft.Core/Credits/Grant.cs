namespace PrintCraft.Core.Credits;

/// <summary>Why a user was given credits.</summary>
public enum GrantKind
{
    /// <summary>Once, when first seen.</summary>
    Welcome,

    /// <summary>By a person of the house.</summary>
    Admin,

    /// <summary>By a campaign.</summary>
    Promo,
}

/// <summary>Credits that were given away. Those with an expiry are spent first, soonest first, and what is left of them then is taken back.</summary>
public sealed class Grant
{
    /// <summary>Also the id of the journal that moved the credits.</summary>
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required GrantKind Kind { get; init; }

    public required long Amount { get; init; }

    /// <summary>What is neither spent nor held; null for a grant that never expires.</summary>
    public long? Remaining { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How often something was taken back: a job that fails after the expiry returns its share, which then expires too.</summary>
    public int Expiries { get; init; }

    /// <summary>For the user's eyes.</summary>
    public string? Reason { get; init; }

    /// <summary>The admin's user id.</summary>
    public Guid? GrantedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a job's hold took from a grant that expires.</summary>
public sealed class GrantUse
{
    public required Guid GenerationId { get; init; }

    public required Guid GrantId { get; init; }

    public required long Amount { get; init; }
}
