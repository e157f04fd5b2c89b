using System.Globalization;
using System.Text.RegularExpressions;

namespace PrintCraft.Core.Generations;

/// <summary>The points of the progress bar.</summary>
public static partial class ProgressRules
{
    public const int Accepted = 10;
    public const int Submitted = 50;
    public const int Output = 80;
    public const int Stored = 90;
    public const int Done = 100;

    /// <summary>
    /// The share of the run that a model's log reports, as a point between <see cref="Submitted"/> and <see cref="Output"/>;
    /// null when the log has no progress line. Models print tqdm lines such as " 40%|████      | 12/30"; the last one counts.
    /// </summary>
    public static int? FromLogs(string? logs)
    {
        if (logs is null)
        {
            return null;
        }

        var last = -1;
        foreach (var match in Percent().EnumerateMatches(logs))
        {
            var digits = logs.AsSpan(match.Index, match.Length).TrimEnd("%|");
            last = int.Parse(digits, CultureInfo.InvariantCulture);
        }

        return last < 0 ? null : Submitted + ((Output - Submitted) * Math.Min(last, 100) / 100);
    }

    [GeneratedRegex("[0-9]{1,3}%\\|")]
    private static partial Regex Percent();
}
