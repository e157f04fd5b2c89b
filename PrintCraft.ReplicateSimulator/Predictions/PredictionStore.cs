using System.Text.Json;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Faults;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>
/// All predictions, in memory, under one lock. Data is removed when someone looks after its time, so that no timer runs;
/// the oldest finished predictions are forgotten when there are too many.
/// </summary>
internal sealed class PredictionStore(SimulatorOptions options, TimeProvider time)
{
    private const int PageSize = 100;
    private static readonly JsonElement Null = JsonElement.Parse("null");
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredPrediction> _byId = [];
    private readonly Dictionary<string, StoredPrediction> _byFolder = [];
    private readonly List<StoredPrediction> _inOrder = [];
    private long _last;

    public StoredPrediction Add(Prediction prediction, Order order, string folder, JsonElement output, FaultScript faults)
    {
        lock (_gate)
        {
            if (_inOrder.Count >= options.Kept)
            {
                Forget();
            }

            var stored = new StoredPrediction(++_last, prediction, order, folder, output, faults);
            _byId.Add(prediction.Id, stored);
            _byFolder.Add(folder, stored);
            _inOrder.Add(stored);
            return stored;
        }
    }

    public StoredPrediction? Find(string id)
    {
        lock (_gate)
        {
            return _byId.TryGetValue(id, out var stored) ? Expire(stored) : null;
        }
    }

    public StoredPrediction? FindByFolder(string folder)
    {
        lock (_gate)
        {
            return _byFolder.TryGetValue(folder, out var stored) ? Expire(stored) : null;
        }
    }

    /// <summary>Changes a prediction that has not ended; afterwards nothing changes it any more, and the answer is null.</summary>
    public Prediction? Change(StoredPrediction stored, Func<Prediction, Prediction> change)
    {
        lock (_gate)
        {
            return stored.Current.Ended ? null : stored.Current = change(stored.Current);
        }
    }

    /// <summary>
    /// A page, newest first. A cursor is the number of the prediction it goes on from, with its direction: <c>o</c>lder or <c>n</c>ewer.
    /// </summary>
    public (IReadOnlyList<Prediction> Page, string? Newer, string? Older) List(DateTime after, DateTime before, string? cursor)
    {
        lock (_gate)
        {
            var from = cursor is { Length: > 1 } && long.TryParse(cursor.AsSpan(1), out var number) ? number : long.MaxValue;
            var now = time.GetUtcNow().UtcDateTime;
            var all = _inOrder.Where(stored => stored.Current.CreatedAt >= after && stored.Current.CreatedAt < before)
                .Where(stored => stored.Faults.ListAfter == TimeSpan.Zero || stored.Current.CreatedAt + stored.Faults.ListAfter <= now)
                .ToList();
            var page = cursor is ['n', ..]
                ? all.Where(stored => stored.Number > from).Take(PageSize).Reverse().ToList()
                : all.AsEnumerable().Reverse().Where(stored => stored.Number < from).Take(PageSize).ToList();
            return ([.. page.Select(stored => Expire(stored).Current)],
                page.Count > 0 && all[^1].Number > page[0].Number ? $"n{page[0].Number}" : null,
                page.Count > 0 && all[0].Number < page[^1].Number ? $"o{page[^1].Number}" : null);
        }
    }

    private StoredPrediction Expire(StoredPrediction stored)
    {
        var now = stored.Current;
        var lifetime = stored.Faults.OutputLifetime ?? options.OutputLifetime;
        if (now is { DataRemoved: false, CompletedAt: { } completed } && time.GetUtcNow().UtcDateTime >= completed + lifetime)
        {
            stored.Current = now with { Input = Empty, Output = Null, Logs = "", DataRemoved = true };
        }

        return stored;
    }

    private void Forget()
    {
        var surplus = _inOrder.Where(stored => stored.Current.Ended).Take(Math.Max(1, options.Kept / 10)).ToHashSet();
        _inOrder.RemoveAll(surplus.Contains);
        foreach (var stored in surplus)
        {
            _byId.Remove(stored.Current.Id);
            _byFolder.Remove(stored.Folder);
        }
    }
}
