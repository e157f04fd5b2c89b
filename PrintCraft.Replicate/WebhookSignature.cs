using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Replicate;

/// <summary>
/// Verifies a webhook of the Standard Webhooks kind, on the raw bytes of its body.
/// Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
/// </summary>
public static class WebhookSignature
{
    /// <summary>How old, or how far ahead, a timestamp may be.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>
    /// Whether one of the signatures is right and the timestamp is within <see cref="Tolerance"/> of <paramref name="now"/>.
    /// A missing header is a null here and never verifies. Compares in constant time.
    /// </summary>
    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <param name="id">Header webhook-id.</param>
    /// <param name="timestamp">Header webhook-timestamp, Unix seconds.</param>
    /// <param name="signatures">Header webhook-signature: <c>v1,{base64}</c>, several separated by blanks while a secret is rotated.</param>
    public static bool Verify(string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        // A dot in the id would let one signature serve two splits of the signed text (standard-webhooks.md, "Signature scheme").
        if (string.IsNullOrEmpty(id)
            || id.Contains('.')
            || signatures is null
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return false;
        }

        var expected = Sign(secret, id, timestamp, body);
        var matches = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var given = new byte[expected.Length];
            matches |= signature.StartsWith(Version, StringComparison.Ordinal)
                && Convert.TryFromBase64String(signature[Version.Length..], given, out var length)
                && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), expected);
        }

        return matches;
    }

    private static byte[] Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret);
        if (key.Length == 0)
        {
            throw new CryptographicException("An empty webhook secret signs nothing.");
        }

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
