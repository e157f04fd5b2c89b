using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Events;

/// <summary>Section <c>Events</c>: how live the event streams are, and what they may cost.</summary>
public sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>A stream or connection that is silent for so long says so, for the proxies between. SignalR's clients give up after 30 seconds of silence.</summary>
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

    /// <summary>Jobs that one connection of the hub may follow at a time; all of a user's jobs together count as one.</summary>
    [Range(1, 1000)]
    public int SubscriptionsPerConnection { get; set; } = 10;

    /// <summary>The longest message that a client of the hub may send; a longer one ends its connection.</summary>
    [Range(256, 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 4096;
}
