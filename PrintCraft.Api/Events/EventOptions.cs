using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Events;

/// <summary>Section <c>Events</c>: how live the event streams are, and what they may cost.</summary>
public sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>A stream that is silent for so long says so, for the proxies between.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A client that takes nothing for so long is cut off; it comes back with the last id it has read.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a stream looks for itself while Redis tells it of new events: only a lost message needs it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often without Redis.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan FallbackPoll { get; set; } = TimeSpan.FromSeconds(1);
}
