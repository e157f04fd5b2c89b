using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Messaging;

using StackExchange.Redis;

namespace PrintCraft.Api.Events;

/// <summary>
/// Tells the streams of a user that Postgres may have new events. Whoever wrote some says so on one Redis channel; the streams then read them.
/// A hint only: without Redis, or after a lost message, they find the events at their next poll. The connection is made in the background,
/// because making it blocks while Redis is down.
/// </summary>
public sealed partial class EventFeed(IServiceProvider services, FinalWatch finals, IOptions<EventOptions> options, ILogger<EventFeed> logger) : BackgroundService
{
    private static readonly RedisChannel Channel = new(Topology.EventSignal, RedisChannel.PatternMode.Literal);

    private readonly ConcurrentDictionary<Guid, Listener[]> _listeners = new();
    private volatile IConnectionMultiplexer? _redis;

    /// <summary>How long a stream may rely on being told.</summary>
    public TimeSpan PollInterval => _redis is { IsConnected: true } ? options.Value.Poll : options.Value.FallbackPoll;

    /// <summary>Rings for this user's events from now on, until it is disposed of.</summary>
    public Listener Listen(Guid userId)
    {
        var listener = new Listener(this, userId);
        _listeners.AddOrUpdate(userId, _ => [listener], (_, others) => [.. others, listener]);
        return listener;
    }

    /// <summary>After a commit that wrote events: wakes the streams here and, through Redis, those of the other API processes.</summary>
    public void Tell(Guid userId)
    {
        Ring(userId);
        if (_redis is { IsConnected: true } redis)
        {
            _ = redis.GetSubscriber().PublishAsync(Channel, userId.ToString(), CommandFlags.FireAndForget);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Once subscribed, the multiplexer reconnects and subscribes again by itself.
                var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken).WaitAsync(stoppingToken);
                await redis.GetSubscriber().SubscribeAsync(Channel, (_, users) => RingAll(users));
                _redis = redis;
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge.
                Silent(logger, exception.GetBaseException().Message);
                await Task.Delay(options.Value.FallbackPoll, stoppingToken);
            }
        }
    }

    private void RingAll(string? users)
    {
        foreach (var user in (users ?? "").Split(','))
        {
            if (Guid.TryParse(user, out var userId))
            {
                Ring(userId);
            }
        }
    }

    private void Ring(Guid userId)
    {
        finals.Ring();
        if (_listeners.TryGetValue(userId, out var listeners))
        {
            foreach (var listener in listeners)
            {
                listener.Bell.Ring();
            }
        }
    }

    private void Remove(Listener listener)
    {
        while (_listeners.TryGetValue(listener.UserId, out var listeners))
        {
            Listener[] others = [.. listeners.Where(other => other != listener)];
            if (others.Length > 0 ? _listeners.TryUpdate(listener.UserId, others, listeners) : _listeners.TryRemove(KeyValuePair.Create(listener.UserId, listeners)))
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis cannot be listened to; events are found by polling: {Reason}")]
    private static partial void Silent(ILogger logger, string reason);

    /// <summary>One stream's place in the feed.</summary>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "Only the feed makes one.")]
    public sealed class Listener(EventFeed feed, Guid userId) : IDisposable
    {
        public EventBell Bell { get; } = new();

        internal Guid UserId => userId;

        public void Dispose() => feed.Remove(this);
    }
}
