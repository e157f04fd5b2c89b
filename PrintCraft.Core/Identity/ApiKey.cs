namespace PrintCraft.Core.Identity;

/// <summary>A secret by which a program acts for a user. The secret itself was shown once and is not kept.</summary>
public sealed class ApiKey
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>The first characters of the key, by which its owner knows it again.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole key: it is random and long, so a slow hash would gain nothing.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Of <see cref="Identity.Scopes"/>.</summary>
    public required List<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
