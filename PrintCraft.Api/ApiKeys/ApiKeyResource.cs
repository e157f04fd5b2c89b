using System.Text.Json.Serialization;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

/// <summary>A key by which a program acts for you.</summary>
/// <param name="Prefix">The first characters of the key, to know it again by.</param>
/// <param name="Scopes">read, write, admin.</param>
/// <param name="LastUsedAt">To the minute; null when it never was.</param>
/// <param name="RotatedAt">When its secret was last changed.</param>
/// <param name="ExpiresAt">From when on it is not taken any more; null: never.</param>
/// <param name="Key">The secret: only in the answer that made it, and kept nowhere.</param>
public sealed record ApiKeyResource(
    Guid Id,
    string Name,
    string Prefix,
    IReadOnlyList<string> Scopes,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RotatedAt,
    DateTimeOffset? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Key = null)
{
    internal static ApiKeyResource Of(ApiKey key) => new(key.Id, key.Name, key.Prefix, key.Scopes, key.CreatedAt, key.LastUsedAt, key.RotatedAt, key.ExpiresAt);
}
