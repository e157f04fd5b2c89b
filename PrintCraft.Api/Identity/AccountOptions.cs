using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Identity;

/// <summary>Local accounts: how long what they are given lasts, and how often they may be wrong. Section <c>Accounts</c>.</summary>
public sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>How long an access token works.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a refresh token waits for its one use; each use gives a new one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "90.00:00:00")]
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the letter that verifies an e-mail address is good.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "30.00:00:00")]
    public TimeSpan VerificationLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long the letter that resets a password is good.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan ResetLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Wrong passwords in a row after which an account is locked.</summary>
    [Range(1, 100)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>How long a locked account takes no password, not even the right one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Rounds of PBKDF2-HMAC-SHA512 (OWASP Password Storage Cheat Sheet: at least 210,000). Hashes with fewer are renewed at the next sign-in.</summary>
    [Range(1_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Where the app has its pages verify-email and reset-password; without it a letter holds only the code.</summary>
    public Uri? LinkBase { get; set; }
}
