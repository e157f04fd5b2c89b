namespace PrintCraft.Core.Generations;

/// <summary>A generation that succeeded.</summary>
/// <param name="Took">From its start to its end.</param>
public readonly record struct RecentRun(string Model, int Width, int Height, TimeSpan Took, DateTimeOffset CompletedAt);

/// <summary>What recent runs say about the next: how long they took, per model and size, and how fast jobs end.</summary>
public sealed class RecentRuns
{
    /// <summary>Fewer say nothing: then the catalogue does.</summary>
    public const int Enough = 3;

    public static readonly RecentRuns None = Of([], default);

    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Model, int Size), TimeSpan> _usual;

    private RecentRuns(Dictionary<(string Model, int Size), TimeSpan> usual, double perSecond) => (_usual, PerSecond) = (usual, perSecond);

    /// <summary>Jobs that ended lately, per second; 0 when too few did.</summary>
    public double PerSecond { get; }

    public static RecentRuns Of(IReadOnlyCollection<RecentRun> runs, DateTimeOffset now)
    {
        var usual = runs
            .GroupBy(run => (run.Model, Price.SizeClass(run.Width, run.Height)))
            .Where(group => group.Count() >= Enough)
            .ToDictionary(group => group.Key, group => Median([.. group.Select(run => run.Took)]));
        var lately = runs.Where(run => now - run.CompletedAt < Lately).ToList();
        if (lately.Count < Enough)
        {
            return new RecentRuns(usual, 0);
        }

        var span = now - lately.Min(run => run.CompletedAt);
        return new RecentRuns(usual, lately.Count / (span > Shortest ? span : Shortest).TotalSeconds);
    }

    /// <summary>How long such a job usually takes; null when too few ended to say.</summary>
    public TimeSpan? Usual(string model, int width, int height) => _usual.TryGetValue((model, Price.SizeClass(width, height)), out var took) ? took : null;

    private static TimeSpan Median(TimeSpan[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }
}

/// <summary>How long a job will take, from its acceptance to its end.</summary>
public static class EstimateRules
{
    /// <summary>Jobs that are thought to run at a time while nothing is known: few, so that a wait is rather told too long.</summary>
    private const int AssumedAtATime = 8;

    /// <summary>
    /// The usual run, after the jobs that wait before it at the pace of late. Whole seconds, at least 1, at most <paramref name="longest"/>: nothing
    /// waits longer than its deadline.
    /// </summary>
    /// <param name="catalogue">The model's own estimate.</param>
    /// <param name="waiting">Jobs that wait before it.</param>
    public static int Seconds(TimeSpan catalogue, TimeSpan? usual, int waiting, double perSecond, TimeSpan longest)
    {
        var run = Math.Max((usual ?? catalogue).TotalSeconds, 0.001);
        // What ended lately is what was asked for, not what could be done: the pace is never thought slower than a few at a time.
        var pace = Math.Max(perSecond, AssumedAtATime / run);
        return (int)Math.Ceiling(Math.Clamp(run + (waiting / pace), 1, Math.Max(longest.TotalSeconds, 1)));
    }
}
