using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line that a resource wrote; its number counts from 1, its content begins with a UTC timestamp.</summary>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>The newest 10,000 lines of every resource. A watcher gets those, then each new one.</summary>
public class ResourceLoggerService
{
    private const int Capacity = 10_000;

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Backlog> _backlogs = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService(TimeProvider time) => _time = time;

    /// <summary>The lines of an instance or, by the resource's name, of all its instances; also before they start. Ends only by cancellation.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName)
    {
        var backlog = Of(resourceName);
        return backlog.Lines.WatchAsync(() => backlog.Kept.Count == 0 ? [] : [[.. backlog.Kept]]);
    }

    /// <summary>What there is now.</summary>
    internal IReadOnlyList<LogLine> Snapshot(string resourceName)
    {
        var backlog = Of(resourceName);
        lock (backlog.Lines.Gate)
        {
            return [.. backlog.Kept];
        }
    }

    internal void Write(string resourceName, string instance, string line, bool isError)
    {
        foreach (var backlog in new[] { resourceName, instance }.Distinct().Select(Of))
        {
            lock (backlog.Lines.Gate)
            {
                var stamped = new LogLine(++backlog.Count, $"{_time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} {line}", isError);
                backlog.Kept.Enqueue(stamped);
                if (backlog.Kept.Count > Capacity)
                {
                    backlog.Kept.Dequeue();
                }

                backlog.Lines.Send([stamped]);
            }
        }
    }

    private Backlog Of(string name) => _backlogs.GetOrAdd(name, _ => new Backlog());

    private sealed class Backlog
    {
        public int Count { get; set; }
        public Queue<LogLine> Kept { get; } = new();
        public Broadcast<IReadOnlyList<LogLine>> Lines { get; } = new();
    }
}
