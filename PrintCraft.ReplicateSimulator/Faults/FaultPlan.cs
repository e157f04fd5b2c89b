using System.Collections.Concurrent;
using PrintCraft.ReplicateSimulator.Control;

namespace PrintCraft.ReplicateSimulator.Faults;

/// <summary>A script and where it comes from: a rule, or without one a tag of the prompt.</summary>
internal sealed record PlannedFault(string Text, FaultScript Script, long? Rule);

/// <summary>
/// Decides what goes wrong with a create: the first tag of its prompt that is not used up, else the first rule that hits. Only where the
/// control endpoints are; elsewhere a tag is text like any other.
/// </summary>
internal sealed class FaultPlan(FaultRules rules, SimulatorOptions options, IHostEnvironment environment)
{
    private readonly bool _enabled = environment.HasControl();

    /// <summary>How often each prompt's tags were used, for tags that can be used up.</summary>
    private readonly ConcurrentDictionary<string, int[]> _used = new();

    /// <summary>Null is no fault.</summary>
    public PlannedFault? Decide(string prompt, out string? error)
    {
        error = null;
        return !_enabled ? null : FromTags(prompt, ref error) ?? (error is null && rules.Hit(prompt) is { } rule
            ? new PlannedFault(rule.Text, rule.Script, rule.Id) : null);
    }

    private PlannedFault? FromTags(string prompt, ref string? error)
    {
        if (!prompt.Contains("[sim:", StringComparison.Ordinal))
        {
            return null;
        }

        var tags = FaultScriptReader.Tags(prompt).ToArray();
        var scripts = new FaultScript[tags.Length];
        for (var i = 0; i < tags.Length; i++)
        {
            if (FaultScriptReader.Read(tags[i], out error) is not { } script)
            {
                return null;
            }

            scripts[i] = script;
        }

        if (tags.Length == 0)
        {
            error = "'[sim:' has no ']'";
            return null;
        }

        return Use(prompt, scripts) is { } at ? new(tags[at].Trim(), scripts[at], null) : null;
    }

    /// <summary>The place of the tag that this create uses.</summary>
    private int? Use(string prompt, FaultScript[] scripts)
    {
        if (_used.Count > options.Kept)
        {
            _used.Clear();
        }

        var used = _used.GetOrAdd(prompt, _ => new int[scripts.Length]);
        lock (used)
        {
            for (var i = 0; i < scripts.Length; i++)
            {
                if (used[i] < scripts[i].Times)
                {
                    used[i]++;
                    return i;
                }
            }
        }

        return null;
    }
}
