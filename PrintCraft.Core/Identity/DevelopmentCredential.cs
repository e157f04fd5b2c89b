using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Core.Identity;

/// <summary>
/// The credential of Development and Testing: <c>pcdev_{name}.{hex HMAC-SHA256(key, name)}</c>, sent as a Bearer token. Any name is a user,
/// whose id follows from the name, so that data kept between runs stays owned though the key changes with each run.
/// </summary>
public static class DevelopmentCredential
{
    public const string Prefix = "pcdev_";
    private const int MaxNameLength = 64;

    /// <summary>The credential of <paramref name="name"/> (1 to 64 letters, digits, '-', '_').</summary>
    /// <exception cref="ArgumentException">The name has other characters.</exception>
    public static string Mint(string key, string name) =>
        IsName(name) ? $"{Prefix}{name}.{Signature(key, name)}" : throw new ArgumentException("1 to 64 letters, digits, '-' or '_'.", nameof(name));

    /// <summary>Whether <paramref name="credential"/> was minted with <paramref name="key"/>, and for whom. Compares in constant time.</summary>
    public static bool TryRead(string key, string credential, [NotNullWhen(true)] out string? name)
    {
        name = null;
        var dot = credential.LastIndexOf('.');
        if (!credential.StartsWith(Prefix, StringComparison.Ordinal) || dot < Prefix.Length)
        {
            return false;
        }

        var claimed = credential[Prefix.Length..dot];
        if (!IsName(claimed) || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(credential[(dot + 1)..]), Encoding.ASCII.GetBytes(Signature(key, claimed))))
        {
            return false;
        }

        name = claimed;
        return true;
    }

    /// <summary>The id of the user of that name.</summary>
    public static Guid UserId(string name) => NamedId.Of("printcraft development user " + name);

    private static string Signature(string key, string name) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(name)));

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
