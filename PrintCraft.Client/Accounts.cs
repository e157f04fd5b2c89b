namespace PrintCraft.Client;

/// <param name="Password">8 to 128 characters.</param>
public sealed record NewAccount(string Email, string Password, string FirstName, string LastName);

/// <param name="Device">By which you will know the session again.</param>
public sealed record Credentials(string Email, string Password, string? Device = null);

public sealed record RefreshTokens(string RefreshToken);

public sealed record AccountEmail(string Email);

/// <param name="Token">The code of the letter.</param>
public sealed record EmailVerification(string Email, string Token);

/// <param name="Token">The code of the letter.</param>
/// <param name="Password">The new one.</param>
public sealed record PasswordReset(string Email, string Token, string Password);

public sealed record PasswordChange(string CurrentPassword, string NewPassword);

/// <summary>A local account.</summary>
public sealed record AccountUser(
    Guid Id, string Email, string FirstName, string LastName, bool EmailVerified, string Role, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>What a session calls with, and what it goes on with.</summary>
/// <param name="AccessToken">To send as Bearer.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="RefreshToken">Good for one <see cref="IPrintCraftApi.RefreshAsync"/>.</param>
/// <param name="RefreshExpiresIn">Seconds.</param>
public sealed record SessionTokens(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, int RefreshExpiresIn, AccountUser User);

/// <summary>A device on which you are signed in.</summary>
/// <param name="Current">Whether it is this one.</param>
public sealed record SignedInDevice(Guid Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset UsedAt, bool Current);

public sealed record SessionList(IReadOnlyList<SignedInDevice> Data);
