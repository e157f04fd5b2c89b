using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Caching;

/// <summary>Section <c>Cache</c>: how long reads are kept, how much room they have, and when Redis is no longer waited for.</summary>
public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>A user's profile, counted from the read of the database.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Profiles { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>A generation that has ended.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan Generations { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Megabytes of each process, about.</summary>
    [Range(1, 4096)]
    public int Memory { get; set; } = 64;

    /// <summary>How long Redis is waited for. An answer that takes longer is done without, and so is Redis until the next heartbeat that it answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a process asks Redis whether it has heard of all changes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long memory serves what it has while changes by other processes may go unheard.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Unheard { get; set; } = TimeSpan.FromSeconds(2);
}
