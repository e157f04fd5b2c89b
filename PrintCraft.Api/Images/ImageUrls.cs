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
/// method, path and expiry, so the address is the permission: whoever has it may read that one file until then, and nothing else. Addresses that an upload's
/// file may be put to are made the same way, and their signature covers its type and size too.
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
        return $"/images/{key}?expires={expires}&signature={Signature(ImageText(key, expires))}";
    }

    public bool Allows(string key, string? expires, string? signature) => IsSigned(expires, signature, until => ImageText(key, until));

    /// <summary>An address that a file of this type and size may be put to.</summary>
    public string SignUpload(Guid id, string contentType, long bytes, DateTimeOffset expiry)
    {
        var expires = expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"/uploads/{id}?expires={expires}&signature={Signature(UploadText(id, contentType, bytes, expires))}";
    }

    public bool AllowsUpload(Guid id, string contentType, long bytes, string? expires, string? signature) =>
        IsSigned(expires, signature, until => UploadText(id, contentType, bytes, until));

    private bool IsSigned(string? expires, string? signature, Func<string, string> textOf) =>
        signature is not null
        && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && until >= time.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Signature(textOf(expires))));

    private static string ImageText(string key, string expires) => $"GET\n/images/{key}\n{expires}";

    private static string UploadText(Guid id, string contentType, long bytes, string expires) => string.Create(CultureInfo.InvariantCulture, $"PUT\n/uploads/{id}\n{expires}\n{contentType}\n{bytes}");

    private string Signature(string text) => WebEncoders.Base64UrlEncode(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));
}
