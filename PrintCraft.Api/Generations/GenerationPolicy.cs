using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Generations;

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
}
