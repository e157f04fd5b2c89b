using PrintCraft.Core.Messaging;

using StackExchange.Redis;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Tells the API's processes, after a commit, that users have new events. A hint: without Redis their streams find them at their next poll.
/// The connection is made in the background, because making it blocks while Redis is down.
/// </summary>
internal sealed class EventSignal(IServiceProvider services)
{
    private static readonly RedisChannel Channel = new(Topology.EventSignal, RedisChannel.PatternMode.Literal);

    private readonly Lazy<Task<IConnectionMultiplexer>> _redis = new(() => Task.Run(services.GetRequiredService<IConnectionMultiplexer>));

    /// <summary>One message for all of them.</summary>
    public void Send(params IEnumerable<Guid> userIds)
    {
        if (_redis.Value is { IsCompletedSuccessfully: true } connecting)
        {
            var redis = connecting.GetAwaiter().GetResult();
            if (redis.IsConnected)
            {
                _ = redis.GetSubscriber().PublishAsync(Channel, string.Join(',', userIds.Distinct()), CommandFlags.FireAndForget);
            }
        }
    }
}
