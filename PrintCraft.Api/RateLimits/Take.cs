namespace PrintCraft.Api.RateLimits;

/// <summary>What a request wants of one window, and how that window stands afterwards.</summary>
internal sealed class Take(QuotaPolicy policy, string key, int cost)
{
    public QuotaPolicy Policy => policy;

    public string Key => key;

    /// <summary>Units; less than 0 gives some back.</summary>
    public int Cost => cost;

    /// <summary>Units that are left.</summary>
    public long Remaining { get; private set; }

    /// <summary>Seconds until the window ends; null when nobody knows.</summary>
    public int? Reset { get; private set; }

    /// <summary>It was this policy that refused the request.</summary>
    public bool IsViolated { get; private set; }

    /// <summary>
    /// The rule, whoever counted: all get what they want, or none gets anything. A window begins with its first request and does not slide.
    /// </summary>
    /// <param name="windows">For each, in the same order: what was used before, and the milliseconds until the window ends.</param>
    /// <returns>Whether the request may pass.</returns>
    public static bool Settle(ReadOnlySpan<Take> takes, ReadOnlySpan<long> windows)
    {
        var isRefused = false;
        for (var place = 0; place < takes.Length; place++)
        {
            takes[place].IsViolated = windows[2 * place] + takes[place].Cost > takes[place].Policy.Quota;
            isRefused |= takes[place].IsViolated;
        }

        for (var place = 0; place < takes.Length; place++)
        {
            var take = takes[place];
            take.Remaining = Math.Max(0, take.Policy.Quota - windows[2 * place] - (isRefused ? 0 : take.Cost));
            take.Reset = (int)((windows[(2 * place) + 1] + 999) / 1000);
        }

        return !isRefused;
    }

    /// <summary>A refusal that somebody else counted.</summary>
    public static Take Refused(QuotaPolicy policy, TimeSpan? reset = null) =>
        new(policy, "", 1) { IsViolated = true, Reset = reset is { } left ? (int)Math.Ceiling(left.TotalSeconds) : null };
}
