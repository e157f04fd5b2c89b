using System.Diagnostics.Metrics;

namespace PrintCraft.Api.Caching;

/// <summary>Where reads were answered from. The hit rate of a region is all but <c>load</c> and <c>join</c>, divided by all.</summary>
public sealed class CacheMetrics
{
    private readonly Counter<long> _requests;

    public CacheMetrics(IMeterFactory meters) =>
        _requests = meters.Create("PrintCraft.Caching").CreateCounter<long>("printcraft.cache.requests", "{request}", "Reads through the cache, by region and by what answered them.");

    public void Memory(CacheRegion region) => Count(region, "memory");

    public void Redis(CacheRegion region) => Count(region, "redis");

    /// <summary>Read from the database.</summary>
    public void Loaded(CacheRegion region) => Count(region, "load");

    /// <summary>Waited for the load of another request.</summary>
    public void Joined(CacheRegion region) => Count(region, "join");

    private void Count(CacheRegion region, string result) => _requests.Add(1, new("region", region.Name), new("result", result));
}
