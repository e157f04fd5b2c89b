using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line that a resource wrote.</summary>
public readonly record struct LogLine
{
    internal LogLine(int lineNumber, string content, bool isErrorMessage) =>
        (LineNumber, Content, IsErrorMessage) = (lineNumber, content, isErrorMessage);

    /// <summary>Counts from 1 for each instance.</summary>
    public int LineNumber { get; }

    /// <summary>The text, a UTC timestamp before it.</summary>
    public string Content { get; }

    /// <summary>Whether it came from standard error.</summary>
    public bool IsErrorMessage { get; }
}

/// <summary>The newest 10,000 lines of every resource instance; a watcher gets those, then each new line.</summary>
public class ResourceLoggerService
{
    private const int Capacity = 10_000;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ResourceNotificationService _notifications;
    private readonly Dictionary<string, Backlog> _backlogs = new(StringComparer.OrdinalIgnoreCase);

    internal ResourceLoggerService(TimeProvider time, ResourceNotificationService notifications) => (_time, _notifications) = (time, notifications);

    /// <summary>The lines of an instance, by its own name or, when there is only one, by the resource's; ends only by cancellation.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => ReadAsync(resourceName, CancellationToken.None);

    /// <summary>Who else gets each line, with the instance's name.</summary>
    internal Action<string, string>? Forward { get; set; }

    internal void Write(string resourceId, string line, bool isError)
    {
        Forward?.Invoke(resourceId, line);
        lock (_lock)
        {
            var backlog = Of(resourceId);
            var stamped = new LogLine(++backlog.Count, $"{_time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} {line}", isError);
            backlog.Lines.Enqueue(stamped);
            if (backlog.Lines.Count > Capacity)
            {
                backlog.Lines.Dequeue();
            }

            foreach (var watcher in backlog.Watchers)
            {
                watcher.Writer.TryWrite([stamped]);
            }
        }
    }

    /// <summary>What there is now.</summary>
    internal IReadOnlyList<LogLine> Snapshot(string resourceName)
    {
        lock (_lock)
        {
            return [.. Of(Resolve(resourceName)).Lines];
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(
        string resourceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        Backlog backlog;
        lock (_lock)
        {
            backlog = Of(Resolve(resourceName));
            if (backlog.Lines.Count > 0)
            {
                channel.Writer.TryWrite([.. backlog.Lines]);
            }

            backlog.Watchers.Add(channel);
        }

        try
        {
            await foreach (var lines in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return lines;
            }
        }
        finally
        {
            lock (_lock)
            {
                backlog.Watchers.Remove(channel);
            }
        }
    }

    private string Resolve(string resourceName) => _notifications.TryGetCurrentState(resourceName, out var change) ? change.ResourceId : resourceName;

    private Backlog Of(string resourceId)
    {
        if (!_backlogs.TryGetValue(resourceId, out var backlog))
        {
            _backlogs[resourceId] = backlog = new Backlog();
        }

        return backlog;
    }

    private sealed class Backlog
    {
        public int Count { get; set; }

        public Queue<LogLine> Lines { get; } = new();

        public List<Channel<IReadOnlyList<LogLine>>> Watchers { get; } = [];
    }
}
