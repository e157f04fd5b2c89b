using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.ReplicateSimulator.Webhooks;

/// <summary>https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    public static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(secret[Prefix.Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
}
