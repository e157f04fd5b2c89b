using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Hands each item to every watcher, in order. A watcher first gets what there was; one lock keeps it from missing or doubling any.</summary>
internal sealed class Broadcast<T>
{
    private readonly List<Channel<T>> _watchers = [];

    public Lock Gate { get; } = new();

    /// <summary>To be called under the gate.</summary>
    public void Send(T item) => _watchers.ForEach(watcher => watcher.Writer.TryWrite(item));

    public async IAsyncEnumerable<T> WatchAsync(Func<IEnumerable<T>> past, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<T>();
        lock (Gate)
        {
            past().ToList().ForEach(item => channel.Writer.TryWrite(item));
            _watchers.Add(channel);
        }

        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            lock (Gate)
            {
                _watchers.Remove(channel);
            }
        }
    }
}
