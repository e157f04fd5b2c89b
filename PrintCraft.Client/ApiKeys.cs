namespace PrintCraft.Client;

/// <summary>A key for a program.</summary>
/// <param name="Scopes">Of read, write and, if your role allows it, admin. Unless said: read and write.</param>
/// <param name="ExpiresAt">Never unless said.</param>
public sealed record NewApiKey(string Name, IReadOnlyList<string>? Scopes = null, DateTimeOffset? ExpiresAt = null);

/// <param name="Prefix">The first characters of the key, to know it again by.</param>
/// <param name="LastUsedAt">To the minute.</param>
/// <param name="RotatedAt">When its secret was last changed.</param>
/// <param name="Key">The secret: only in the answer that made it.</param>
public sealed record ApiKey(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    string? Key);
