using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Starts and stops every process of the application. All of them are forked by one thread that lives as long as the host: the
/// kernel sends their parent-death signal when the forking thread ends, not the process. ProcessGuard ends what is left after that.
/// </summary>
internal sealed class ProcessSupervisor : IAsyncDisposable
{
    private readonly BlockingCollection<Action> _forks = [];
    private readonly ConcurrentDictionary<int, LocalProcess> _running = new();
    private readonly ProcessGuard _guard;

    public ProcessSupervisor()
    {
        new Thread(ForkAll) { IsBackground = true, Name = "process supervisor" }.Start();
        _guard = new ProcessGuard(Fork);
    }

    /// <summary>Starts the program; every line that it writes goes to <paramref name="output"/>, with true for standard error.</summary>
    public LocalProcess Start(LocalProgram program, Action<string, bool> output)
    {
        var process = Fork(program.ToStartInfo());
        var started = new LocalProcess(process, program, output, _guard);
        _running[started.Id] = started;
        _ = started.Exit.ContinueWith(_ => _running.TryRemove(started.Id, out var _), TaskScheduler.Default);
        return started;
    }

    /// <summary>Runs a short command to its end and returns its exit code.</summary>
    public async Task<int> RunAsync(LocalProgram program, Action<string, bool> output, CancellationToken cancellationToken)
    {
        var process = Start(program, output);
        try
        {
            return await process.Exit.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await process.StopAsync(CancellationToken.None);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Values.Select(process => process.StopAsync(CancellationToken.None)));
        await _guard.DisposeAsync();
        _forks.CompleteAdding();
    }

    private Process Fork(ProcessStartInfo info)
    {
        var forked = new TaskCompletionSource<Process>();
        _forks.Add(() =>
        {
            try
            {
                forked.SetResult(Process.Start(info)!);
            }
            catch (Exception exception)
            {
                forked.SetException(new DistributedApplicationException($"{info.FileName} did not start: {exception.Message}", exception));
            }
        });
        // A fork takes about a millisecond, and the forking thread never waits for anyone.
        return forked.Task.GetAwaiter().GetResult();
    }

    private void ForkAll()
    {
        foreach (var fork in _forks.GetConsumingEnumerable())
        {
            fork();
        }
    }
}
