using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Core.Generations;

/// <summary>Section <c>Generations</c>.</summary>
public sealed class GenerationPolicy
{
    public const string Section = "Generations";

    /// <summary>From acceptance to the hard end of a job.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the message to the worker may take before a worker takes the job without it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan QueueGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Jobs that may be open at a time, over all users; more are refused with 503 and nothing held.</summary>
    [Range(0, 10_000_000)]
    public int MaxBacklog { get; set; } = 10_000;
}
