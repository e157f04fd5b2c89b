using System.Globalization;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Events;

/// <summary>Where a client wants to go on: the header that browsers send when they come back, or a parameter for those who cannot set one.</summary>
internal static class LastEventId
{
    public const string Header = "Last-Event-ID";

    /// <summary>False when it is not a number; null when there is none.</summary>
    public static bool TryRead(string? header, string? parameter, out long? after)
    {
        after = null;
        var text = string.IsNullOrWhiteSpace(header) ? parameter : header;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        after = isNumber ? number : null;
        return isNumber;
    }

    public static IResult Refusal(string? header) => Answer.Refusal(
        ProblemCode.InvalidRequest, "Some fields are not valid.", [new(string.IsNullOrWhiteSpace(header) ? "after" : Header, "must be the id of an event, a whole number")]);
}
