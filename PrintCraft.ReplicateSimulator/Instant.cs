using System.Globalization;

namespace PrintCraft.ReplicateSimulator;

/// <summary>Times in query strings: ISO 8601, UTC unless they say otherwise.</summary>
internal static class Instant
{
    private const DateTimeStyles Utc = DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;

    public static bool TryRead(string? text, DateTime otherwise, out DateTime value)
    {
        value = otherwise;
        return string.IsNullOrEmpty(text) || DateTime.TryParse(text, CultureInfo.InvariantCulture, Utc, out value);
    }
}
