using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace PrintCraft.Api.Images;

/// <summary>How image addresses are signed. Section <c>Images</c>.</summary>
public sealed class ImageUrlOptions
{
    /// <summary>Key of the signatures, at least 16 characters, the same for every API process.</summary>
    [Required(ErrorMessage = "Images:SigningKey is missing: set it to a random text of 16 characters or more."), MinLength(16)]
    public string SigningKey { get; set; } = "";

    /// <summary>How long a signed address works; at most 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00")]
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>
/// Short-lived addresses of images: <c>/images/{key}?expires={unix seconds}&amp;signature={base64url HMAC-SHA256}</c>. The signature covers
/// method, path and expiry, so the address is the permission: whoever has it may read that one file until then, and nothing else.
/// </summary>
public sealed class ImageUrls(IOptions<ImageUrlOptions> options, TimeProvider time)
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
