using Npgsql;

namespace PrintCraft.Core.Data;

/// <summary>
/// Group commit: whatever comes while one write is under way is written together by the next, so that under load a statement, a round trip and a flush
/// serve many callers, and at rest nobody waits for company. Writes of the same key are never together, and keep their order. When the database
/// refuses a group, nothing of it was written, and each of it is tried alone; when the outcome is unknown, it is so for all of it.
/// </summary>
/// <param name="writeAsync">Writes all of them in one transaction, and answers for each in the same order; is never cancelled.</param>
public sealed class WriteGroup<TItem, TResult>(Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> writeAsync, Func<TItem, Guid> keyOf, int maxTogether)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _waiting = [];
    private bool _isWriting;

    /// <summary>Answers when it is committed.</summary>
    /// <param name="cancellationToken">Takes it back while it waits; what has begun to be written is written.</param>
    public async Task<TResult> WriteAsync(TItem item, CancellationToken cancellationToken)
    {
        var entry = new Entry(item, ExecutionContext.Capture());
        lock (_lock)
        {
            _waiting.AddLast(entry);
            if (!_isWriting)
            {
                _isWriting = true;
                Begin();
            }
        }

        await using var taking = cancellationToken.UnsafeRegister(_ => TakeBack(entry, cancellationToken), null);
        return await entry.Result.Task;
    }

    private void TakeBack(Entry entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (entry.IsTaken || !_waiting.Remove(entry))
            {
                return;
            }
        }

        entry.Result.TrySetCanceled(cancellationToken);
    }

    /// <summary>Starts the next group in the context of its first write, so that its spans belong to that one's trace.</summary>
    private void Begin()
    {
        var group = Take();
        if (group.Count == 0)
        {
            _isWriting = false;
        }
        else if (group[0].Context is { } context)
        {
            ExecutionContext.Run(context, state => _ = RunAsync(group), null);
        }
        else
        {
            _ = RunAsync(group);
        }
    }

    private List<Entry> Take()
    {
        var (group, keys) = (new List<Entry>(), new HashSet<Guid>());
        for (var node = _waiting.First; node is not null && group.Count < maxTogether;)
        {
            var next = node.Next;
            if (keys.Add(keyOf(node.Value.Item)))
            {
                node.Value.IsTaken = true;
                group.Add(node.Value);
                _waiting.Remove(node);
            }

            node = next;
        }

        return group;
    }

    private async Task RunAsync(List<Entry> group)
    {
        // Not in the caller's lock.
        await Task.Yield();
        await WriteAsync(group);
        lock (_lock)
        {
            Begin();
        }
    }

    private async Task WriteAsync(List<Entry> group)
    {
        try
        {
            var results = await writeAsync([.. group.Select(entry => entry.Item)], CancellationToken.None);
            for (var place = 0; place < group.Count; place++)
            {
                group[place].Result.TrySetResult(results[place]);
            }
        }
        catch (PostgresException) when (group.Count > 1)
        {
            foreach (var entry in group)
            {
                await WriteAsync([entry]);
            }
        }
        catch (Exception exception)
        {
            group.ForEach(entry => entry.Result.TrySetException(exception));
        }
    }

    private sealed class Entry(TItem item, ExecutionContext? context)
    {
        public TItem Item => item;

        public ExecutionContext? Context => context;

        public bool IsTaken { get; set; }

        public TaskCompletionSource<TResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
