namespace PrintCraft.Api.Identity;

/// <summary>What goes through the door, for the document.</summary>
internal static class AuthExamples
{
    private const string Email = "ana@example.com";
    private const string Password = "correct horse battery staple";
    private const string Code = "CfDJ8M2x…";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly RegisterRequest Registration = new(Email, Password, "Ana", "Lucía");

    public static readonly AccountResource User = new(new Guid("01980a5e-0000-7c4d-8a61-b2d3e4f50617"), Email, "Ana", "Lucía", false, "user", At, At);

    public static readonly LoginRequest Login = new(Email, Password, "Ana's phone");

    public static readonly SessionTokens Tokens = new("pca_Q2ZESjg…", "Bearer", 900, "pcr_AZgKXn0…", 604_800, User);

    public static readonly RefreshRequest Refresh = new(Tokens.RefreshToken);

    public static readonly EmailRequest Address = new(Email);

    public static readonly VerifyEmailRequest Verification = new(Email, Code);

    public static readonly ResetPasswordRequest Reset = new(Email, Code, Password);

    public static readonly ChangePasswordRequest Change = new("the old password", Password);

    public static readonly SessionList Sessions = new([new SessionResource(new Guid("01980a60-2b4c-7d5e-8f70-1a2b3c4d5e6f"), "Ana's phone", At, At.AddHours(1), true)]);
}
