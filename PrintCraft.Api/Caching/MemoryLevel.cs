using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace PrintCraft.Api.Caching;

/// <summary>
/// The first level: what this process has read, within bounds. A value is kept only if its tag was not dropped since the reader looked at the
/// <see cref="Stamp"/>, before it read: so what was read before a change is never kept after it. While this process may not have heard of all changes
/// (<see cref="HearsUntil"/>) a value serves only seconds.
/// </summary>
public sealed class MemoryLevel : IDisposable
{
    /// <summary>What an entry costs besides its value, about.</summary>
    private const int Overhead = 512;

    /// <summary>A value and the answer made of it take so many times the bytes of its JSON, about.</summary>
    private const int Weight = 4;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 256).Select(_ => new Stripe())];
    private readonly ILookup<string, CacheRegion> _regions;
    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryCache _entries;
    private long _hearsUntil;

    public MemoryLevel(IEnumerable<CacheRegion> regions, IOptions<CacheOptions> options, TimeProvider time)
    {
        _regions = regions.ToLookup(region => region.Kind);
        (_options, _time) = (options.Value, time);
        _entries = new MemoryCache(Options.Create(new MemoryCacheOptions { SizeLimit = _options.Memory * 1024L * 1024L }));
    }

    public int Count => _entries.Count;

    /// <summary>Whether this process hears of changes by others.</summary>
    public bool Hears => _time.GetTimestamp() < Volatile.Read(ref _hearsUntil);

    /// <param name="timestamp">Of the clock's <see cref="TimeProvider.GetTimestamp"/>; in the past when it no longer does.</param>
    public void HearsUntil(long timestamp) => Volatile.Write(ref _hearsUntil, timestamp);

    public bool TryGet<T>(string key, out T? value)
        where T : class
    {
        value = null;
        if (!_entries.TryGetValue(key, out var found) || found is not Entry entry)
        {
            return false;
        }

        var age = _time.GetElapsedTime(entry.At);
        if (age >= entry.Life || (age >= _options.Unheard && !Hears))
        {
            return false;
        }

        value = (T)entry.Value;
        return true;
    }

    /// <summary>To be asked for before the value is read.</summary>
    public long Stamp(CacheTag tag) => Volatile.Read(ref StripeOf(tag).Version);

    public void Keep(string key, CacheTag tag, long stamp, object value, int bytes, TimeSpan life)
    {
        var stripe = StripeOf(tag);
        lock (stripe)
        {
            if (stripe.Version == stamp && life > TimeSpan.Zero)
            {
                _entries.Set(key, new Entry(value, _time.GetTimestamp(), life), new MemoryCacheEntryOptions { Size = Overhead + ((long)Weight * bytes), AbsoluteExpirationRelativeToNow = life });
            }
        }
    }

    public void Drop(CacheTag tag)
    {
        var stripe = StripeOf(tag);
        lock (stripe)
        {
            stripe.Version++;
            foreach (var region in _regions[tag.Kind])
            {
                _entries.Remove(region.Key(tag));
            }
        }
    }

    /// <summary>Changes may have been missed.</summary>
    public void DropAll()
    {
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                stripe.Version++;
            }
        }

        _entries.Clear();
    }

    public void Dispose() => _entries.Dispose();

    private Stripe StripeOf(CacheTag tag) => _stripes[tag.GetHashCode() & 255];

    private sealed record Entry(object Value, long At, TimeSpan Life);

    private sealed class Stripe
    {
        public long Version;
    }
}
