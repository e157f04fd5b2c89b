namespace PrintCraft.Core.Identity;

/// <summary>A device on which somebody signed in. Its refresh token changes with each use; an old one shows that it was stolen, and ends the session.</summary>
public sealed class Session
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the refresh token that is good now.</summary>
    public required byte[] RefreshHash { get; init; }

    /// <summary>What the device calls itself.</summary>
    public required string Device { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of the last refresh.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>When the refresh token ends; each refresh moves it on.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>logout, reuse, password, admin.</summary>
    public string? RevokedBecause { get; init; }
}
