using System.Globalization;
using System.Text.RegularExpressions;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Faults;

/// <summary>
/// Reads <c>status=429 retry-after=2 times=2</c>, alone or in a prompt as <c>[sim: …]</c>. Pure. A word that is not understood is an error:
/// a test whose fault is misspelt must not pass because nothing went wrong.
/// </summary>
internal static partial class FaultScriptReader
{
    /// <summary>A day; nothing here is waited for longer.</summary>
    private const double MaxSeconds = 86_400;

    private static readonly Dictionary<string, Func<FaultScript, string, FaultScript?>> Words = new()
    {
        ["times"] = (script, text) => Count(text) is { } n ? script with { Times = n } : null,
        ["status"] = (script, text) => Status(text, 401, 402, 422, 429, 500, 502, 503) is { } n ? script with { Status = n } : null,
        ["retry-after"] = (script, text) => RetryAfter(text) is { } after ? script with { RetryAfter = after } : null,
        ["reset"] = (script, text) => text.Length == 0 ? script with { Reset = true } : null,
        ["accepted"] = (script, text) => text.Length == 0 ? script with { Accepted = true } : null,
        ["answer-after"] = (script, text) => Seconds(text) is { } time ? script with { AnswerAfter = time } : null,
        ["slow"] = (script, text) => Seconds(text) is { } time ? script with { Slow = time } : null,
        ["stuck"] = (script, text) => Word<PredictionStatus>(text) is { } status and (PredictionStatus.Starting or PredictionStatus.Processing)
            ? script with { Stuck = status } : null,
        ["end"] = (script, text) => Word<RunEnd>(text) is { } end ? script with { End = end } : null,
        ["canary"] = (script, text) => text.Length == 0 ? script with { Canary = true } : null,
        ["webhook"] = (script, text) => Word<WebhookFault>(text) is { } fault ? script with { Webhook = fault } : null,
        ["webhook-after"] = (script, text) => Seconds(text) is { } time ? script with { WebhookAfter = time } : null,
        ["webhook-copies"] = (script, text) => Count(text) is { } n and <= 1000 ? script with { WebhookCopies = n } : null,
        ["output"] = (script, text) => Word<OutputFault>(text) is { } fault ? script with { Output = fault } : null,
        ["output-times"] = (script, text) => Count(text) is { } n ? script with { OutputTimes = n } : null,
        ["output-lifetime"] = (script, text) => Seconds(text) is { } time ? script with { OutputLifetime = time } : null,
        ["get"] = (script, text) => Status(text, 404, 429, 500, 502, 503) is { } n ? script with { Get = n } : null,
        ["get-times"] = (script, text) => Count(text) is { } n ? script with { GetTimes = n } : null,
        ["list-after"] = (script, text) => Seconds(text) is { } time ? script with { ListAfter = time } : null,
    };

    /// <summary>The script; or null and what is wrong with it.</summary>
    public static FaultScript? Read(string text, out string? error)
    {
        var script = FaultScript.None;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var cut = word.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = cut < 0 ? (word, "") : (word[..cut], word[(cut + 1)..]);
            if (!Words.TryGetValue(name, out var read))
            {
                error = $"'{word}' is no fault; there are {string.Join(", ", Words.Keys)}";
                return null;
            }

            if (read(script, value) is not { } next)
            {
                error = $"'{word}' has a wrong value";
                return null;
            }

            script = next;
        }

        error = script switch
        {
            { Status: not null, Reset: true } => "status and reset exclude each other",
            { Accepted: true, Status: null, Reset: false } => "accepted needs status or reset",
            _ => null,
        };
        return error is null ? script : null;
    }

    /// <summary>The tags of a prompt, in their order.</summary>
    public static IEnumerable<string> Tags(string prompt) => Tag().Matches(prompt).Select(match => match.Groups["script"].Value);

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds
            ? TimeSpan.FromSeconds(seconds) : null;

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    private static int? Status(string text, params ReadOnlySpan<int> allowed) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && allowed.Contains(status) ? status : null;

    private static RetryAfter? RetryAfter(string text)
    {
        var asDate = text.StartsWith("date:", StringComparison.Ordinal);
        return int.TryParse(asDate ? text["date:".Length..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= MaxSeconds ? new(seconds, asDate) : null;
    }

    /// <summary>A member of an enum by its name with hyphens: <c>wrong-size</c>.</summary>
    private static T? Word<T>(string text)
        where T : struct, Enum =>
        text.All(letter => letter is '-' or (>= 'a' and <= 'z')) && Enum.TryParse<T>(text.Replace("-", ""), ignoreCase: true, out var word)
            ? word : null;

    [GeneratedRegex(@"\[sim:(?<script>[^\[\]]*)\]")]
    private static partial Regex Tag();
}
