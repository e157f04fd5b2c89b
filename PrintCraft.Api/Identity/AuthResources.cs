using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>An account as its owner sees it.</summary>
public sealed record AccountResource(
    Guid Id, string? Email, string? FirstName, string? LastName, bool EmailVerified, string Role, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static AccountResource Of(User user) => new(user.Id, user.Email, user.FirstName, user.LastName, user.EmailConfirmed, user.Role, user.CreatedAt, user.UpdatedAt);
}

/// <summary>What a session calls with, and what it goes on with.</summary>
/// <param name="AccessToken">Sent as Bearer with every call.</param>
/// <param name="ExpiresIn">Seconds that the access token works.</param>
/// <param name="RefreshToken">Good for one POST /auth/refresh.</param>
/// <param name="RefreshExpiresIn">Seconds that the refresh token waits for it.</param>
public sealed record SessionTokens(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, int RefreshExpiresIn, AccountResource User);

/// <summary>A device on which you are signed in.</summary>
/// <param name="UsedAt">When it signed in or last refreshed its tokens.</param>
/// <param name="Current">Whether it is the one that asks.</param>
public sealed record SessionResource(Guid Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, bool Current);

public sealed record SessionList(IReadOnlyList<SessionResource> Data);
