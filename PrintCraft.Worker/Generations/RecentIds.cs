namespace PrintCraft.Worker.Generations;

/// <summary>Remembers the newest ids, up to a number, until each was asked for.</summary>
internal sealed class RecentIds
{
    private readonly Lock _lock = new();
    private readonly HashSet<Guid> _ids = [];
    private readonly Guid[] _byAge = new Guid[1024];
    private int _next;

    public void Add(IEnumerable<Guid> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                _ids.Remove(_byAge[_next]);
                _byAge[_next] = id;
                _next = (_next + 1) % _byAge.Length;
                _ids.Add(id);
            }
        }
    }

    /// <summary>Whether it was remembered; not any more.</summary>
    public bool Remove(Guid id)
    {
        lock (_lock)
        {
            return _ids.Remove(id);
        }
    }
}
