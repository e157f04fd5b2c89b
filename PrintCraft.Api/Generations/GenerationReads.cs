using System.Text.Json.Serialization;

using PrintCraft.Api.Caching;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A generation that was read, with the answer that was last made of it.</summary>
public sealed class ReadRow(Generation generation)
{
    public Generation Generation => generation;

    /// <summary>Of a final generation: good for one address and one minute.</summary>
    [JsonIgnore]
    internal PreparedBody? Body { get; set; }
}

/// <summary>
/// Generations by id, through the cache. Only what has ended is kept: its row changes no more but for its thumbnails, until which it is not kept for long, and for
/// being hidden, which drops its tag. What still
/// runs is read each time, so nobody is shown a step back.
/// </summary>
public sealed class GenerationReads(GenerationRows rows, TwoLevelCache cache)
{
    public static readonly CacheRegion<ReadRow> Region = new("generation", "generation", part: null, options => options.Generations, row => row.Generation.Status.IsFinal(), row => row.Generation.AwaitsThumbnails() ? UntilThumbnails : null);

    /// <summary>One whose thumbnails are still to come changes once more, and nobody tells.</summary>
    private static readonly TimeSpan UntilThumbnails = TimeSpan.FromSeconds(2);

    /// <summary>Null when there is none, or it is somebody else's.</summary>
    public async ValueTask<ReadRow?> FindAsync(Guid owner, Guid id, CancellationToken cancellationToken)
    {
        var tag = CacheTag.Generation(owner, id);
        return cache.TryGet(Region, tag, out var kept)
            ? kept
            : await cache.GetAsync(Region, tag, async token => await rows.FindAsync(owner, id, token) is { } found ? new ReadRow(found) : null, cancellationToken);
    }

    /// <summary>In the order of the ids, without those that there are not. What is not in memory is read by one statement.</summary>
    public async Task<IReadOnlyList<ReadRow>> FindAsync(Guid owner, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new ReadRow?[ids.Count];
        Dictionary<Guid, (int Place, long Stamp)> missing = [];
        for (var place = 0; place < found.Length; place++)
        {
            var tag = CacheTag.Generation(owner, ids[place]);
            if (!cache.TryGet(Region, tag, out found[place]))
            {
                missing[ids[place]] = (place, cache.Stamp(tag));
            }
        }

        if (missing.Count > 0)
        {
            foreach (var row in await rows.FindAsync(owner, [.. missing.Keys], cancellationToken))
            {
                var (place, stamp) = missing[row.Id];
                cache.Keep(Region, CacheTag.Generation(owner, row.Id), stamp, found[place] = new ReadRow(row));
            }
        }

        return [.. found.OfType<ReadRow>()];
    }
}
