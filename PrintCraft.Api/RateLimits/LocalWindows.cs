namespace PrintCraft.Api.RateLimits;

/// <summary>The windows of this process alone, for as long as Redis cannot say: the same rules, counted from 0.</summary>
internal sealed class LocalWindows(TimeProvider time)
{
    /// <summary>Windows that are kept. When so many are open at once, all are forgotten: memory is worth more than their count.</summary>
    private const int Capacity = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Window> _windows = new(StringComparer.Ordinal);

    public bool TryTake(ReadOnlySpan<Take> takes)
    {
        var now = time.GetTimestamp();
        Span<long> windows = stackalloc long[2 * takes.Length];
        lock (_lock)
        {
            for (var place = 0; place < takes.Length; place++)
            {
                var window = Open(takes[place], now);
                (windows[2 * place], windows[(2 * place) + 1]) = (window.Used, (long)time.GetElapsedTime(now, window.EndsAt).TotalMilliseconds);
            }

            var isAllowed = Take.Settle(takes, windows);
            for (var place = 0; isAllowed && place < takes.Length; place++)
            {
                _windows[takes[place].Key] = Open(takes[place], now).With(takes[place].Cost);
            }

            return isAllowed;
        }
    }

    private Window Open(Take take, long now)
    {
        if (_windows.TryGetValue(take.Key, out var window) && window.EndsAt > now)
        {
            return window;
        }

        if (_windows.Count >= Capacity)
        {
            MakeRoom(now);
        }

        return new Window(0, now + (long)(take.Policy.Window!.Value.TotalSeconds * time.TimestampFrequency));
    }

    private void MakeRoom(long now)
    {
        foreach (var (key, window) in _windows)
        {
            if (window.EndsAt <= now)
            {
                _windows.Remove(key);
            }
        }

        if (_windows.Count >= Capacity)
        {
            _windows.Clear();
        }
    }

    private readonly record struct Window(long Used, long EndsAt)
    {
        public Window With(int cost) => this with { Used = Math.Max(0, Used + cost) };
    }
}
