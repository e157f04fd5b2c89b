using System.Collections.Concurrent;
using System.Globalization;

using Microsoft.Extensions.Options;

using StackExchange.Redis;

namespace PrintCraft.Api.Caching;

/// <summary>
/// The second level, which all API processes share, and their way to tell each other of changes. Nothing depends on it: what Redis does not answer within
/// the patience is done without, and Redis is then left alone until it answers a heartbeat.
/// <para>
/// A value carries the version that its tag had before it was read from the database. A change gives the tag a new random version first and is published
/// afterwards, so an old value is never taken for a new one, whoever writes it and however late. Nothing is searched for (no <c>KEYS</c>).
/// </para>
/// <para>
/// Pub/sub forgets who was away. So changes are counted: with each heartbeat a process compares how many it heard with how many there were until the
/// heartbeat before, and forgets all it has when some are missing. What could not be told is told when Redis is back; a process that dies before leaves
/// what it changed in the cache for the rest of its lifetime.
/// </para>
/// </summary>
public sealed partial class RedisLevel(IServiceProvider services, MemoryLevel memory, IOptions<CacheOptions> options, TimeProvider time, ILogger<RedisLevel> logger) : BackgroundService
{
    private const string ChangesKey = "printcraft:cache:changes";
    private const int MaxUntold = 100_000;

    /// <summary>A version outlives every value that may carry an older one.</summary>
    private static readonly TimeSpan VersionLife = TimeSpan.FromDays(2);

    private readonly ConcurrentDictionary<CacheTag, byte> _untold = new();
    private readonly HeardChanges _heard = new();
    private volatile IDatabase? _database;

    /// <summary>Null when Redis is not to be asked, or did not answer.</summary>
    public async ValueTask<RedisEntry?> FindAsync(string key, CacheTag tag, CancellationToken cancellationToken)
    {
        if (_database is not { } database || !memory.Hears)
        {
            return null;
        }

        try
        {
            // The version first: a change between the two is then seen as one.
            var version = database.StringGetAsync(VersionKey(tag));
            var value = database.StringGetAsync(key);
            await Task.WhenAll(version, value).WaitAsync(options.Value.Patience, time, cancellationToken);
            return RedisEntry.Read((byte[]?)await value, (byte[]?)await version is { Length: 16 } bytes ? new Guid(bytes) : Guid.Empty, time.GetUtcNow());
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            Lose(exception);
            return null;
        }
    }

    /// <summary>Nobody waits for it.</summary>
    public void Keep(string key, Guid version, ReadOnlySpan<byte> payload, TimeSpan life)
    {
        if (_database is not { } database || !memory.Hears || life <= TimeSpan.Zero)
        {
            return;
        }

        _ = database.StringSetAsync(key, RedisEntry.Write(payload, version, time.GetUtcNow()), life, When.Always, CommandFlags.FireAndForget);
    }

    /// <summary>After the commit of a change: no process shows the old state once this has returned, but for those that Redis does not reach.</summary>
    public async Task TellAsync(CacheTag tag, CancellationToken cancellationToken)
    {
        if (_database is not { } database || !memory.Hears)
        {
            Postpone(tag);
            return;
        }

        try
        {
            await TellAsync(database, tag, cancellationToken);
        }
        catch (Exception exception) when (IsLoss(exception) || cancellationToken.IsCancellationRequested)
        {
            // Perhaps it was told; twice does no harm.
            Postpone(tag);
            Lose(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _database ??= await ConnectAsync(stoppingToken);
                await BeatAsync(_database, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge.
                Lose(exception);
            }

            await Task.Delay(options.Value.Heartbeat, time, stoppingToken);
        }
    }

    /// <summary>In the background, because making the connection blocks while Redis is down. Once subscribed, it reconnects and subscribes again by itself.</summary>
    private async Task<IDatabase> ConnectAsync(CancellationToken cancellationToken)
    {
        var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, cancellationToken).WaitAsync(cancellationToken);
        var database = redis.GetDatabase();
        await redis.GetSubscriber().SubscribeAsync(ChannelOf(database), (_, message) => Hear(message));
        return database;
    }

    private async Task BeatAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var changes = (long)await database.StringGetAsync(ChangesKey).WaitAsync(options.Value.Patience, time, cancellationToken);
        if (!_heard.All(changes))
        {
            memory.DropAll();
        }

        var hears = memory.Hears;
        memory.HearsUntil(asked + (long)(3 * options.Value.Heartbeat.TotalSeconds * time.TimestampFrequency));
        if (!hears)
        {
            Reached(logger);
        }

        foreach (var tag in _untold.Keys)
        {
            // Removed first: the same tag may be put there again meanwhile, for a later change.
            _untold.TryRemove(tag, out _);
            await TellAsync(tag, cancellationToken);
        }
    }

    private async Task TellAsync(IDatabase database, CacheTag tag, CancellationToken cancellationToken)
    {
        // One after the other: who hears of the change finds the new version, and a change that is counted and never published is found missing.
        var patience = options.Value.Patience;
        await database.StringSetAsync(VersionKey(tag), Guid.NewGuid().ToByteArray(), VersionLife).WaitAsync(patience, time, cancellationToken);
        var number = await database.StringIncrementAsync(ChangesKey).WaitAsync(patience, time, cancellationToken);
        await database.PublishAsync(ChannelOf(database), string.Create(CultureInfo.InvariantCulture, $"{number} {tag}")).WaitAsync(patience, time, cancellationToken);
    }

    private void Hear(string? message)
    {
        if (message?.Split(' ', 2) is [var number, var tag])
        {
            memory.Drop(CacheTag.Parse(tag));
            _heard.One(long.Parse(number, CultureInfo.InvariantCulture));
        }
    }

    private void Postpone(CacheTag tag)
    {
        if (_untold.Count < MaxUntold)
        {
            _untold[tag] = 0;
        }
    }

    private void Lose(Exception exception)
    {
        if (memory.Hears)
        {
            Lost(logger, exception.GetBaseException().Message);
        }

        memory.HearsUntil(0);
    }

    /// <summary>Published messages know no database.</summary>
    private static RedisChannel ChannelOf(IDatabase database) => new($"printcraft:cache:{database.Database}", RedisChannel.PatternMode.Literal);

    private static string VersionKey(CacheTag tag) => $"printcraft:cache:version:{tag}";

    private static bool IsLoss(Exception exception) => exception is TimeoutException or RedisException or ObjectDisposedException;

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; reads do without it: {Reason}")]
    private static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The cache is shared through Redis.")]
    private static partial void Reached(ILogger logger);
}
