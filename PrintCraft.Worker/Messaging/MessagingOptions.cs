using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Worker.Messaging;

/// <summary>Section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>How often the relay looks for messages that nobody rang for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Messages per round.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 100;

    /// <summary>Messages of a queue that one process may have in hand. They are acknowledged as soon as their jobs are claimed.</summary>
    [Range(1, 1000)]
    public ushort Prefetch { get; set; } = 64;

    /// <summary>How long a relay may take for a round before another may do it again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan ClaimTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the broker may take to confirm.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause after a failure of the broker or the database.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(2);
}
