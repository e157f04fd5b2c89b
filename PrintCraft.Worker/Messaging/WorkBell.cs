using System.Threading.Channels;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Messaging;

using StackExchange.Redis;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Rings when the API says that there is work, so that the loops need not wait for their next poll. Listens on Redis in the background;
/// without Redis it never rings and the polls find everything.
/// </summary>
internal sealed partial class WorkBell(IServiceProvider services, IOptions<MessagingOptions> options, ILogger<WorkBell> logger) : BackgroundService
{
    private readonly List<Channel<bool>> _listeners = [];

    /// <summary>A bell of one's own: rings once for any number of signals since it was last heard.</summary>
    public ChannelReader<bool> Listen()
    {
        var listener = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        lock (_listeners)
        {
            _listeners.Add(listener);
        }

        return listener.Reader;
    }

    /// <summary>Waits for a ring or for the interval, whichever is first.</summary>
    public static async Task WaitAsync(ChannelReader<bool> bell, TimeSpan interval, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(interval);
        try
        {
            await bell.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }
    }

    public void Ring()
    {
        lock (_listeners)
        {
            foreach (var listener in _listeners)
            {
                listener.Writer.TryWrite(true);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var channel = new RedisChannel(Topology.WorkSignal, RedisChannel.PatternMode.Literal);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Connecting blocks while Redis is down. Once subscribed, the multiplexer reconnects and subscribes again by itself.
                var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken).WaitAsync(stoppingToken);
                await redis.GetSubscriber().SubscribeAsync(channel, (_, _) => Ring());
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge.
                Silent(logger, exception.GetBaseException().Message);
                await Task.Delay(options.Value.RetryPause, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis cannot be listened to; work is found by polling: {Reason}")]
    private static partial void Silent(ILogger logger, string reason);
}
