namespace PrintCraft.Worker.Generations;

/// <summary>When to read a running prediction again.</summary>
internal static class PollPlan
{
    /// <summary>First at a quarter of the model's estimate; then after a quarter of the time it has run, from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public static TimeSpan Next(TimeSpan ran, TimeSpan estimate, TimeSpan min, TimeSpan max)
    {
        // The two clocks may differ.
        ran = ran > TimeSpan.Zero ? ran : TimeSpan.Zero;
        var first = (estimate / 4) - ran;
        if (first > TimeSpan.Zero)
        {
            return first;
        }

        var pause = ran / 4;
        return pause < min ? min : pause > max ? max : pause;
    }
}
