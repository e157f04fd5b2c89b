namespace PrintCraft.ReplicateSimulator.Control;

/// <summary>The last lines of something, oldest first, in memory.</summary>
internal sealed class Recent<T>(int kept)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _lines = new();

    public void Add(T line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > kept)
            {
                _lines.Dequeue();
            }
        }
    }

    public T[] Find(Func<T, bool> wanted)
    {
        lock (_gate)
        {
            return [.. _lines.Where(wanted)];
        }
    }
}
