using System.Collections.Concurrent;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Drawing;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>
/// Draws when a file is asked for, so that finished predictions cost no memory, and no more pictures at once than there are cores.
/// </summary>
internal sealed class Gallery(SimulatorOptions options) : IDisposable
{
    private const int CachedSizes = 64;
    private const string BenchPrompt = "sailing boat on the ocean, minimal";
    private readonly SemaphoreSlim _easels = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<(int Width, int Height), byte[]> _bench = new();

    public async Task<byte[]> DrawAsync(Order order, CancellationToken cancellationToken)
    {
        if (options.Bench && _bench.TryGetValue((order.Width, order.Height), out var cached))
        {
            return cached;
        }

        await _easels.WaitAsync(cancellationToken);
        try
        {
            if (!options.Bench)
            {
                return Picture.Draw(order.Prompt, order.DrawnSeed, order.Width, order.Height);
            }

            if (_bench.Count >= CachedSizes)
            {
                _bench.Clear();
            }

            return _bench.GetOrAdd((order.Width, order.Height), size => Picture.Draw(BenchPrompt, 7, size.Width, size.Height));
        }
        finally
        {
            _easels.Release();
        }
    }

    public void Dispose() => _easels.Dispose();
}
