using Microsoft.Extensions.Options;

using StackExchange.Redis;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// How many event streams a user has open, at all API processes together: each holds a lease in Redis, which its process renews and gives back at its
/// end, and which runs out when the process dies. While Redis cannot say, a process counts its own streams; they are leased when it is back.
/// </summary>
public sealed class StreamPlaces(LimitsInRedis redis, IOptions<RateLimitOptions> options, TimeProvider time) : BackgroundService
{
    private const int RenewedTogether = 256;

    /// <summary>By the clock of Redis, so that nobody else's matters.</summary>
    private const string Now = "local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000) ";

    /// <summary>The user's streams; $1 how many there may be, $2 the lease in milliseconds, $3 the new one. Answers 1 when it may be.</summary>
    private const string Enter = Now + """
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
        redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;

    /// <summary>$1 how many there may be. Answers 1 when there is room for another.</summary>
    private const string Look = Now + "return redis.call('ZCOUNT', KEYS[1], now, '+inf') < tonumber(ARGV[1]) and 1 or 0";

    /// <summary>A key and an argument for each; $1 the lease.</summary>
    private const string Renew = Now + """
        for i = 1, #KEYS do
          redis.call('ZADD', KEYS[i], now + ARGV[1], ARGV[i + 1])
          redis.call('PEXPIRE', KEYS[i], ARGV[1])
        end
        return 1
        """;

    private const string Leave = "return redis.call('ZREM', KEYS[1], ARGV[1])";

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HashSet<OpenStream>> _here = [];

    /// <summary>A place until it is disposed of; null when the user has as many as are allowed.</summary>
    public async Task<IDisposable?> TryEnterAsync(Guid userId, CancellationToken cancellationToken)
    {
        var stream = new OpenStream(this, userId);
        if (!TryAdd(stream))
        {
            return null;
        }

        if (options.Value.StreamsPerUser > 0
            && await redis.TryEvaluateAsync(Enter, [stream.Key], [options.Value.StreamsPerUser, Lease, stream.Id], cancellationToken) is { } answer
            && (long)answer == 0)
        {
            Remove(stream);
            return null;
        }

        return stream;
    }

    /// <summary>Whether another would get a place now. Takes none, so that whoever asks stands in nobody's way.</summary>
    public async Task<bool> HaveRoomAsync(Guid userId, CancellationToken cancellationToken)
    {
        if (options.Value.StreamsPerUser == 0)
        {
            return true;
        }

        lock (_lock)
        {
            if (_here.TryGetValue(userId, out var mine) && mine.Count >= options.Value.StreamsPerUser)
            {
                return false;
            }
        }

        return await redis.TryEvaluateAsync(Look, [OpenStream.KeyOf(userId)], [options.Value.StreamsPerUser], cancellationToken) is not { } answer || (long)answer == 1;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.StreamLease / 3, time, stoppingToken);
            foreach (var streams in All().Chunk(RenewedTogether))
            {
                await redis.TryEvaluateAsync(Renew, [.. streams.Select(stream => (RedisKey)stream.Key)], [Lease, .. streams.Select(stream => (RedisValue)stream.Id)], stoppingToken);
                foreach (var stream in streams.Where(stream => stream.IsOver))
                {
                    // It ended while it was renewed.
                    GiveBack(stream);
                }
            }
        }
    }

    private long Lease => (long)options.Value.StreamLease.TotalMilliseconds;

    private bool TryAdd(OpenStream stream)
    {
        lock (_lock)
        {
            if (!_here.TryGetValue(stream.UserId, out var mine))
            {
                _here[stream.UserId] = mine = [];
            }

            return (options.Value.StreamsPerUser == 0 || mine.Count < options.Value.StreamsPerUser) && mine.Add(stream);
        }
    }

    private void Remove(OpenStream stream)
    {
        lock (_lock)
        {
            if (_here.TryGetValue(stream.UserId, out var mine) && mine.Remove(stream) && mine.Count == 0)
            {
                _here.Remove(stream.UserId);
            }
        }
    }

    private OpenStream[] All()
    {
        lock (_lock)
        {
            return options.Value.StreamsPerUser == 0 ? [] : [.. _here.Values.SelectMany(mine => mine)];
        }
    }

    /// <summary>Nobody waits for it; lost, the lease runs out.</summary>
    private void GiveBack(OpenStream stream) => _ = redis.TryEvaluateAsync(Leave, [stream.Key], [stream.Id], CancellationToken.None);

    private sealed class OpenStream(StreamPlaces places, Guid userId) : IDisposable
    {
        public Guid UserId => userId;

        public string Key { get; } = KeyOf(userId);

        public string Id { get; } = Guid.NewGuid().ToString("n");

        public bool IsOver { get; private set; }

        public static string KeyOf(Guid userId) => $"{{rl}}:streams:{userId}";

        public void Dispose()
        {
            IsOver = true;
            places.Remove(this);
            places.GiveBack(this);
        }
    }
}
