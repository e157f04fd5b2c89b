using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Starts and stops every process of the application. All of them are forked by one thread that lives as long as the host: the
/// kernel sends their parent-death signal when the forking thread ends, not the process. That signal misses grandchildren and who
/// ignores it. For those a guard, a shell in a session of its own, reads from a pipe which process groups run; the kernel closes the
/// pipe however the host ends, also with kill -9, also as a zombie. What still runs then is told to stop, and killed 5 s later.
/// </summary>
internal sealed class ProcessSupervisor : IAsyncDisposable
{
    private const string Guard = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        while read -r line; do groups=$line; done
        [ -n "$groups" ] || exit 0
        each() { left=; for entry in $groups; do kill "-${1:-${entry#*:}}" "-${entry%:*}" && left=1; done; }
        sleep 1
        each
        for second in 1 2 3 4 5; do each 0; [ -n "$left" ] || exit 0; sleep 1; done
        each 9
        """;

    private readonly BlockingCollection<Task<Process>> _forks = [];
    private readonly ConcurrentDictionary<int, LocalProcess> _running = new();
    private readonly Process _guard;

    public ProcessSupervisor()
    {
        new Thread(ForkAll) { IsBackground = true, Name = "process supervisor" }.Start();
        _guard = Fork(new ProcessStartInfo("setsid", ["sh", "-c", Guard, "printcraft-guard"]) { RedirectStandardInput = true, WorkingDirectory = "/" });
    }

    /// <summary>Starts the program; every line that it writes goes to <paramref name="output"/>, with true for standard error.</summary>
    public LocalProcess Start(LocalProgram program, Action<string, bool> output)
    {
        var process = new LocalProcess(Fork(program.ToStartInfo()), program, output);
        _running[process.Id] = process;
        TellGuard();
        _ = process.Exit.ContinueWith(_ => _running.TryRemove(process.Id, out var _) ? TellGuard() : 0, TaskScheduler.Default);
        return process;
    }

    /// <summary>Runs a command to its end and returns its exit code.</summary>
    public async Task<int> RunAsync(LocalProgram program, Action<string, bool> output, CancellationToken cancellationToken)
    {
        var process = Start(program, output);
        await using var stop = cancellationToken.Register(() => _ = process.StopAsync(CancellationToken.None));
        var code = await process.Exit;
        cancellationToken.ThrowIfCancellationRequested();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_running.Values.Select(process => process.StopAsync(CancellationToken.None)));
        try
        {
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard was killed; nothing is left to guard.
        }

        await _guard.WaitForExitAsync(CancellationToken.None);
        _forks.CompleteAdding();
    }

    private Process Fork(ProcessStartInfo info)
    {
        var fork = new Task<Process>(() => Process.Start(info)!);
        _forks.Add(fork);
        try
        {
            // About a millisecond: the forking thread waits for nobody.
            return fork.GetAwaiter().GetResult();
        }
        catch (Win32Exception exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
    }

    private void ForkAll()
    {
        foreach (var fork in _forks.GetConsumingEnumerable())
        {
            fork.RunSynchronously(TaskScheduler.Default);
        }
    }

    private int TellGuard()
    {
        lock (_forks)
        {
            try
            {
                _guard.StandardInput.WriteLine(string.Join(' ', _running.Values.Select(process => $"{process.Id}:{process.StopSignal}")));
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The end of the host; or someone killed the guard, and the parent-death signals are left.
            }
        }

        return 0;
    }
}
