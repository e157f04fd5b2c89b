using System.Collections.Concurrent;

using Microsoft.Extensions.Options;

namespace PrintCraft.Api.Caching;

/// <summary>
/// Reads through memory and Redis (docs/decisions/caching.md). Of the requests of this process that miss the same thing at the same time one loads it and
/// the others wait. Nobody gets a state that is older than his request, unless it is one that stays: who joined a load that had begun before him, and finds
/// that its value may not be kept, asks again.
/// </summary>
public sealed class TwoLevelCache(MemoryLevel memory, RedisLevel redis, CacheMetrics metrics, IOptions<CacheOptions> options)
{
    private readonly ConcurrentDictionary<string, Load> _loads = new();

    /// <summary>Only from memory, at no cost.</summary>
    public bool TryGet<T>(CacheRegion<T> region, CacheTag tag, out T? value)
        where T : class
    {
        var found = memory.TryGet(region.Key(tag), out value);
        if (found)
        {
            metrics.Memory(region);
        }

        return found;
    }

    /// <param name="load">From the database, null when there is none. Others wait for it too: it is not cancelled with this request, and uses nothing that ends with it.</param>
    public async ValueTask<T?> GetAsync<T>(CacheRegion<T> region, CacheTag tag, Func<CancellationToken, Task<T?>> load, CancellationToken cancellationToken)
        where T : class
    {
        if (TryGet(region, tag, out var kept))
        {
            return kept;
        }

        var key = region.Key(tag);
        for (var joined = false; ; joined = true)
        {
            var own = new Load(memory.Stamp(tag));
            var current = _loads.AddOrUpdate(key, own, (_, other) => other.Stamp == own.Stamp ? other : own);
            if (current == own)
            {
                // Others wait for it too.
                _ = RunAsync(own, key, region, tag, load, CancellationToken.None);
            }

            var value = (T?)await current.Task.WaitAsync(cancellationToken);
            if (current == own || joined || region.MayKeep(value))
            {
                if (current != own)
                {
                    metrics.Joined(region);
                }

                return value;
            }
        }
    }

    /// <summary>Keeps in memory what came by another way, such as a page of many.</summary>
    /// <param name="stamp">Of the tag, before the value was read.</param>
    public void Keep<T>(CacheRegion<T> region, CacheTag tag, long stamp, T value)
        where T : class
    {
        metrics.Loaded(region);
        if (region.MayKeep(value))
        {
            memory.Keep(region.Key(tag), tag, stamp, value, CacheRegion<T>.Write(value).Length, region.Lifetime(value, options.Value));
        }
    }

    public long Stamp(CacheTag tag) => memory.Stamp(tag);

    /// <summary>After the commit of a change. No exception and no long wait: without Redis others know within seconds.</summary>
    public async Task DropAsync(CacheTag tag, CancellationToken cancellationToken)
    {
        memory.Drop(tag);
        await redis.TellAsync(tag, cancellationToken);
    }

    private async Task RunAsync<T>(Load own, string key, CacheRegion<T> region, CacheTag tag, Func<CancellationToken, Task<T?>> load, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var value = await ReadAsync(own.Stamp, key, region, tag, load, cancellationToken);
            // First it is nobody's any more, so that who asks from now on begins anew.
            _loads.TryRemove(KeyValuePair.Create(key, own));
            own.SetResult(value);
        }
        catch (Exception exception)
        {
            // Everybody who waits gets it.
            _loads.TryRemove(KeyValuePair.Create(key, own));
            own.SetException(exception);
        }
    }

    private async Task<T?> ReadAsync<T>(long stamp, string key, CacheRegion<T> region, CacheTag tag, Func<CancellationToken, Task<T?>> load, CancellationToken cancellationToken)
        where T : class
    {
        var shared = await redis.FindAsync(key, tag, cancellationToken);
        if (shared is { Payload.Length: > 0 } entry && CacheRegion<T>.Read(entry.Payload.Span) is { } found)
        {
            metrics.Redis(region);
            memory.Keep(key, tag, stamp, found, entry.Payload.Length, region.Lifetime(found, options.Value) - entry.Age);
            return found;
        }

        metrics.Loaded(region);
        var value = await load(cancellationToken);
        if (value is not null && region.MayKeep(value))
        {
            var (payload, life) = (CacheRegion<T>.Write(value), region.Lifetime(value, options.Value));
            memory.Keep(key, tag, stamp, value, payload.Length, life);
            if (shared is { Version: var version })
            {
                redis.Keep(key, version, payload, life);
            }
        }

        return value;
    }

    private sealed class Load(long stamp) : TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Stamp => stamp;
    }
}
