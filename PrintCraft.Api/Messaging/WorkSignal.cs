using PrintCraft.Core.Messaging;

using StackExchange.Redis;

namespace PrintCraft.Api.Messaging;

/// <summary>
/// Tells the workers, after a commit, that the outbox has something. A hint: without Redis the relay finds it at its next poll.
/// The connection is made in the background, because making it blocks for ten seconds when Redis is down.
/// </summary>
public sealed class WorkSignal(IServiceProvider services)
{
    private static readonly RedisChannel Channel = new(Topology.WorkSignal, RedisChannel.PatternMode.Literal);

    private readonly Lazy<Task<IConnectionMultiplexer>> _redis = new(() => Task.Run(services.GetRequiredService<IConnectionMultiplexer>));

    public void Send()
    {
        if (_redis.Value is { IsCompletedSuccessfully: true } connecting)
        {
            var redis = connecting.GetAwaiter().GetResult();
            if (redis.IsConnected)
            {
                _ = redis.GetSubscriber().PublishAsync(Channel, RedisValue.EmptyString, CommandFlags.FireAndForget);
            }
        }
    }
}
