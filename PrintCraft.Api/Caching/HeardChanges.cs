namespace PrintCraft.Api.Caching;

/// <summary>How many changes there were and how many of them were heard of.</summary>
internal sealed class HeardChanges
{
    private readonly Lock _lock = new();
    private long? _from;
    private long _until;
    private long _count;

    public void One(long number)
    {
        lock (_lock)
        {
            _count += number > _from ? 1 : 0;
        }
    }

    /// <param name="changes">Until now. Those since the last time may still be on their way.</param>
    public bool All(long changes)
    {
        lock (_lock)
        {
            var missed = _from is not { } from || changes < _until || _count < _until - from;
            (_from, _count) = missed ? (changes, 0) : (_from, _count);
            _until = changes;
            return !missed;
        }
    }
}
