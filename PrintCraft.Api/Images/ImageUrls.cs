using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Images;

namespace PrintCraft.Api.Images;

/// <summary>
/// Short-lived addresses of images: <c>/images/{key}?expires={unix seconds}&amp;signature={base64url HMAC-SHA256}</c>. The signature covers
/// method, path and expiry, so the address is the permission: whoever has it may read that one file until then, and nothing else.
/// </summary>
public sealed class ImageUrls(IOptions<ImageOptions> options, TimeProvider time)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.SigningKey);

    /// <summary>When an address signed now stops working: rounded down to the minute, so that answers within it are alike and can be cached.</summary>
    public DateTimeOffset Expiry()
    {
        var seconds = (time.GetUtcNow() + options.Value.UrlLifetime).ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(options.Value.UrlLifetime >= TimeSpan.FromMinutes(2) ? seconds - (seconds % 60) : seconds);
    }

    public string Sign(string key, DateTimeOffset expiry)
    {
        var expires = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"/images/{key}?expires={expires}&signature={Signature(key, expires)}";
    }

    public bool Allows(string key, string? expires, string? signature) =>
        signature is not null
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && until >= time.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(key, expires)));

    private string Signature(string key, string expires) =>
        WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"GET\n/images/{key}\n{expires}")));
}
