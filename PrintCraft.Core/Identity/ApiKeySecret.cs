using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Core.Identity;

/// <summary>
/// The text of an API key: <c>pck_</c>, 8 characters to know it by, <c>_</c>, and 32 random bytes as base64url. Its look lets scanners find one
/// that was published by mistake.
/// </summary>
public static class ApiKeySecret
{
    /// <summary>With what every key begins, and nothing else.</summary>
    public const string Start = "pck_";

    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int NameLength = 8;
    private const int SecretBytes = 32;
    private const int SecretLength = 43;
    private const int PrefixLength = 4 + NameLength;

    public static string Mint() =>
        $"{Start}{RandomNumberGenerator.GetString(Letters, NameLength)}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";

    /// <summary>Whether the text looks like a key; most of what is not one is refused by this alone.</summary>
    public static bool IsKey(string text) =>
        text.Length == PrefixLength + 1 + SecretLength
        && text.StartsWith(Start, StringComparison.Ordinal)
        && text[PrefixLength] == '_'
        && text[Start.Length..PrefixLength].All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))
        && text[(PrefixLength + 1)..].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>What may be shown of it.</summary>
    public static string PrefixOf(string key) => key[..PrefixLength];

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.ASCII.GetBytes(key));
}
