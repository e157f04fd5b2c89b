namespace PrintCraft.ReplicateSimulator.Faults;

/// <summary>
/// A script with the creates that it hits: those that meet every condition. Chance is drawn from a seed that is told, so that a run
/// can be repeated as far as the order of its creates can.
/// </summary>
/// <param name="prompt">Part of the prompt, in any case.</param>
/// <param name="every">Each so many-th create of those that the prompt lets through.</param>
/// <param name="chance">0 to 1, drawn once for each create that the other conditions let through.</param>
internal sealed class FaultRule(
    long id, string text, FaultScript script, string? prompt, int every, double chance, int seed, DateTime? endsAt)
{
    private readonly Random _random = new(seed);

    public long Id => id;

    public string Text => text;

    public FaultScript Script => script;

    public string? Prompt => prompt;

    public int Every => every;

    public double Chance => chance;

    public int Seed => seed;

    public DateTime? EndsAt => endsAt;

    public long Matched { get; private set; }

    public int Hits { get; private set; }

    /// <summary>Whether a create is hit. Counts and draws, so only under the lock of <see cref="FaultRules"/>.</summary>
    public bool Hit(string asked, DateTime now)
    {
        if (now >= endsAt || Hits >= script.Times || (prompt is not null && !asked.Contains(prompt, StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (++Matched % every != 0 || (chance < 1 && _random.NextDouble() >= chance))
        {
            return false;
        }

        Hits++;
        return true;
    }
}

/// <summary>The rules that the control endpoint set, oldest first.</summary>
internal sealed class FaultRules(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
    private long _last;

    public FaultRule Add(Func<long, FaultRule> create)
    {
        lock (_gate)
        {
            var rule = create(++_last);
            _rules.Add(rule);
            return rule;
        }
    }

    public FaultRule[] All()
    {
        lock (_gate)
        {
            return [.. _rules];
        }
    }

    /// <summary>Removes one rule, or all of them; answers how many.</summary>
    public int Remove(long? id)
    {
        lock (_gate)
        {
            return _rules.RemoveAll(rule => id is null || rule.Id == id);
        }
    }

    /// <summary>The first rule that hits a create.</summary>
    public FaultRule? Hit(string prompt)
    {
        lock (_gate)
        {
            return _rules.Count == 0 ? null : _rules.Find(rule => rule.Hit(prompt, time.GetUtcNow().UtcDateTime));
        }
    }
}
