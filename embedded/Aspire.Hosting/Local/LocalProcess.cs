using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Embedded;

/// <summary>A running program and its process group. What of the group outlives the program is told to stop, and killed a second later.</summary>
internal sealed class LocalProcess
{
    internal const int Interrupt = 2;
    internal const int Terminate = 15;
    private const int Kill = 9;
    private static readonly TimeSpan SignalAgain = TimeSpan.FromSeconds(2);
    private readonly Process _process;
    private readonly LocalProgram _program;

    public LocalProcess(Process process, LocalProgram program, Action<string, bool> output)
    {
        (_process, _program, Id) = (process, program, process.Id);
        process.StandardInput.Close();
        var pumps = Task.WhenAll(PumpAsync(process.StandardOutput, false), PumpAsync(process.StandardError, true));
        Exit = EndAsync();

        async Task PumpAsync(StreamReader reader, bool isError)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
            {
                output(line, isError);
            }
        }

        async Task<int> EndAsync()
        {
            await process.WaitForExitAsync(CancellationToken.None);
            for (var step = 0; step < 20 && Signal(-Id, step == 0 ? StopSignal : 0) == 0; step++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }

            _ = Signal(-Id, Kill);
            // A daemon may keep the pipe open for ever.
            await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(1)));
            return process.ExitCode;
        }
    }

    public int Id { get; }

    public int StopSignal => _program.StopSignal;

    public DateTime StartTimeUtc { get; } = TimeProvider.System.GetUtcNow().UtcDateTime;

    /// <summary>The exit code, 128 + signal for a killed process, once nothing of the group is left.</summary>
    public Task<int> Exit { get; }

    /// <summary>
    /// Sends the stop signal, again every two seconds (an Erlang that has just begun loses the first), and waits; after the grace, or at
    /// once when cancelled, kills the tree.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        for (var left = _program.StopGrace; !_process.HasExited; left -= SignalAgain)
        {
            _ = Signal(-Id, StopSignal);
            try
            {
                await _process.WaitForExitAsync(cancellationToken).WaitAsync(left < SignalAgain ? left : SignalAgain, cancellationToken);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                if (left <= SignalAgain || cancellationToken.IsCancellationRequested)
                {
                    _process.Kill(entireProcessTree: true);
                    break;
                }
            }
        }

        await Exit;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
