using System.Net;

namespace PrintCraft.Core.Network;

/// <summary>
/// Which addresses users may give for us to call (OWASP API7). What a name resolves to is seen only when it is called: <see cref="PublicConnection"/> looks again then.
/// </summary>
public static class PublicUrl
{
    public const int MaxLength = 2000;

    public const string Rule = "must be an absolute http or https address of at most 2000 characters on a public host and port 80 or 443, without user name or fragment";

    /// <summary>Names that only this machine or its network resolves (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).</summary>
    private static readonly string[] LocalNames = ["localhost", "local", "internal", "arpa"];

    public static bool IsAllowed(string address) =>
        address.Length <= MaxLength
        && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.Port is 80 or 443
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0
        && IsPublicHost(uri);

    private static bool IsPublicHost(Uri uri)
    {
        // As the resolver gets it: an international name in ASCII, a dot at its end not counted.
        var host = uri.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var literal))
        {
            return PublicAddress.IsPublic(literal);
        }

        var labels = host.Split('.');
        return labels.Length > 1
            && !LocalNames.Contains(labels[^1], StringComparer.OrdinalIgnoreCase)
            // A last label of digits is an address that some resolver reads in its own way; digits beyond ASCII may become one.
            && !labels[^1].All(char.IsAsciiDigit)
            && !uri.Host.Any(c => !char.IsAscii(c) && char.GetNumericValue(c) >= 0);
    }
}
