using System.Globalization;

using Microsoft.Net.Http.Headers;

namespace PrintCraft.Api.Users;

/// <summary>Entity tags (RFC 9110, 8.8.3) of things that say themselves when or how often they were changed.</summary>
internal static class Versions
{
    public static string Tag(DateTimeOffset updatedAt) => $"\"{updatedAt.UtcTicks:x}\"";

    public static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Whether <c>If-Match</c> (RFC 9110, 13.1.1) lets a change happen; without the header it does.</summary>
    public static bool Allows(string? ifMatch, string tag) =>
        ifMatch is null
        || (EntityTagHeaderValue.TryParseStrictList([ifMatch], out var tags)
            && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: true)));
}
