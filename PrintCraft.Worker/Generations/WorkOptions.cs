using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Worker.Generations;

/// <summary>Waits, leases and limits of the work on generations. Section <c>Work</c>.</summary>
public sealed class WorkOptions
{
    public const string Section = "Work";

    /// <summary>Generations that one process works on at a time.</summary>
    [Range(1, 1000)]
    public int Concurrency { get; set; } = 32;

    /// <summary>How long a claim holds without being renewed; it is renewed each third of this. After a crash another worker takes over then.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often due generations are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>First and shortest pause between polls of a prediction; the first poll is at a quarter of the model's estimate.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause between polls of a prediction.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan PollMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Submissions of one image that count; what the provider did not take does not count.</summary>
    [Range(1, 10)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>First pause before the next attempt; doubled for each.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest pause before the provider is asked again after it did not take a submission, unless it named one itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan RefusedMax { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The breaker opens when of the submissions in this time …</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>… this share failed …</summary>
    [Range(0.01, 1.0)]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>… and there were at least so many.</summary>
    [Range(2, 1000)]
    public int BreakerMinimum { get; set; } = 10;

    /// <summary>How long nothing is submitted then; after it one submission tries whether the provider is back.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a submission with unknown outcome is looked for (by webhook and in the provider's list) before it counts as not taken.
    /// Too short buys an image twice; too long makes a customer wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00")]
    public TimeSpan UnknownGrace { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Downloads of one output that are tried before it is given up.</summary>
    [Range(1, 10)]
    public int DownloadTries { get; set; } = 3;

    /// <summary>Time for one download.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes; a larger output is refused.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public long MaxImageBytes { get; set; } = 25 * 1024 * 1024;
}
