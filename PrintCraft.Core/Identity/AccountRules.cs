using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;

using PrintCraft.Core.Generations;

namespace PrintCraft.Core.Identity;

/// <summary>What the fields of a local account may hold. Each method answers what is wrong, in the order of the fields.</summary>
public static class AccountRules
{
    public const int MinPassword = 8;

    /// <summary>A longer one would only cost us hashing.</summary>
    public const int MaxPassword = 128;

    public const int MaxEmail = 255;
    public const int MaxName = UserRules.MaxNameLength;
    public const int MaxDevice = 100;

    /// <summary>Far above any that was ever given out.</summary>
    private const int MaxToken = 2048;

    /// <summary>What a verified address is welcomed as, once, whichever way its owner signs in. A hash: the ledger is kept for ever, addresses are not.</summary>
    public static string IdentityOf(string email) => $"email:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email.Normalize().ToUpperInvariant())))}";

    public static IReadOnlyList<FieldError> OfRegistration(string? email, string? password, string? firstName, string? lastName) =>
        [.. OfEmail(email), .. OfNewPassword(password, "password"), .. OfName(firstName, "firstName", "First name"), .. OfName(lastName, "lastName", "Last name")];

    /// <summary>A password that no account can have is as wrong as any other, and no field error.</summary>
    public static IReadOnlyList<FieldError> OfLogin(string? email, string? password, string? device) =>
        [.. OfEmail(email), .. OfKnownPassword(password, "password"), .. OfDevice(device)];

    public static IReadOnlyList<FieldError> OfReset(string? email, string? token, string? password) =>
        [.. OfEmail(email), .. OfToken(token), .. OfNewPassword(password, "password")];

    public static IReadOnlyList<FieldError> OfVerification(string? email, string? token) => [.. OfEmail(email), .. OfToken(token)];

    public static IReadOnlyList<FieldError> OfPasswordChange(string? current, string? next) =>
        [.. OfKnownPassword(current, "currentPassword"), .. OfNewPassword(next, "newPassword")];

    public static IReadOnlyList<FieldError> OfEmail(string? email) => IsEmail(email) ? [] : [new("email", $"must be an e-mail address of at most {MaxEmail} characters")];

    /// <summary>A bare address in ASCII: what every mail server takes, and what cannot break out of a letter's header.</summary>
    private static bool IsEmail(string? email) =>
        email is { Length: > 0 and <= MaxEmail }
        && email.All(c => char.IsAscii(c) && !char.IsControl(c) && c is not (' ' or '"' or '<' or '>' or '(' or ')' or ',' or ';' or '\\'))
        && MailAddress.TryCreate(email, out var address) && address.Address == email;

    private static FieldError[] OfNewPassword(string? password, string field) => password?.Length switch
    {
        null or < MinPassword => [new(field, $"Password must be at least {MinPassword} characters")],
        > MaxPassword => [new(field, $"Password must be at most {MaxPassword} characters")],
        _ => [],
    };

    private static FieldError[] OfKnownPassword(string? password, string field) => password?.Length switch
    {
        null or 0 => [new(field, "is required")],
        > MaxPassword => [new(field, $"must be at most {MaxPassword} characters")],
        _ => [],
    };

    private static FieldError[] OfName(string? name, string field, string title) =>
        string.IsNullOrWhiteSpace(name) ? [new(field, $"{title} is required")]
        : name.Length > MaxName || name.Any(char.IsControl) ? [new(field, $"{title} must be at most {MaxName} characters of text")]
        : [];

    private static FieldError[] OfDevice(string? device) =>
        device is null || (device.Length is > 0 and <= MaxDevice && !device.Any(char.IsControl)) ? [] : [new("device", $"must be 1 to {MaxDevice} characters of text")];

    private static FieldError[] OfToken(string? token) => token is { Length: > 0 and <= MaxToken } ? [] : [new("token", "is required; it came by e-mail")];
}
