namespace PrintCraft.Core.Generations;

/// <summary>When to try again.</summary>
public static class RetryPlan
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Exponential from <paramref name="first"/> (2 s by default), doubled for each try after the first, half of it random
    /// (<paramref name="random"/> from 0 to 1), at most a minute. What the provider asked for (<c>Retry-After</c>) wins.
    /// </summary>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan? retryAfter, double random)
    {
        if (retryAfter is { } asked)
        {
            return asked > TimeSpan.Zero ? asked : TimeSpan.Zero;
        }

        var full = first * Math.Pow(2, Math.Clamp(attempt - 1, 0, 16));
        full = full < Longest ? full : Longest;
        return full * (0.5 + (random / 2));
    }
}
