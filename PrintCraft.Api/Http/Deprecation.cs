using System.Globalization;

namespace PrintCraft.Api.Http;

/// <summary>
/// Says on every answer of an endpoint that it is to be used no more (<c>Deprecation</c>, RFC 9745), when it ends (<c>Sunset</c>, RFC 8594)
/// and where to read what to do instead. The OpenAPI document marks it too.
/// </summary>
/// <param name="Since">From when on it was advised against.</param>
/// <param name="Sunset">When it may stop answering; at least half a year later.</param>
/// <param name="Link">What to do instead.</param>
internal sealed record Deprecation(DateTimeOffset Since, DateTimeOffset? Sunset, Uri Link)
{
    public void Write(IHeaderDictionary headers)
    {
        headers["Deprecation"] = string.Create(CultureInfo.InvariantCulture, $"@{Since.ToUnixTimeSeconds()}");
        headers.Append("Link", $"<{Link}>; rel=\"deprecation\"; type=\"text/html\"");
        if (Sunset is { } end)
        {
            headers["Sunset"] = end.ToString("R", CultureInfo.InvariantCulture);
        }
    }
}

internal static class DeprecationExtensions
{
    /// <summary>Marks the endpoint as one that will go.</summary>
    public static T Deprecated<T>(this T endpoint, DateTimeOffset since, DateTimeOffset? sunset, Uri link)
        where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Deprecation(since, sunset, link));
}
