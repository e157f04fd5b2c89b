using System.Diagnostics;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// A running program and all that it started. It is over when its whole session is: what outlives the program itself gets the stop
/// signal too and is killed after the grace.
/// </summary>
internal sealed class LocalProcess
{
    private readonly Process _process;
    private readonly LocalProgram _program;

    public LocalProcess(Process process, LocalProgram program, Action<string, bool> output, ProcessGuard guard)
    {
        (_process, _program, Id, StartTimeUtc) = (process, program, process.Id, TimeProvider.System.GetUtcNow().UtcDateTime);
        process.StandardInput.Close();
        guard.Watch(Id, program.StopSignal);
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
            await EndSessionAsync();
            // A daemon may keep the pipe open for ever.
            await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(1)));
            guard.Forget(Id);
            return process.ExitCode;
        }
    }

    public int Id { get; }

    public DateTime StartTimeUtc { get; }

    /// <summary>The exit code, 128 + signal for a killed process, once nothing of the program is left.</summary>
    public Task<int> Exit { get; }

    /// <summary>Sends the stop signal and waits; after the grace, or at once when cancelled, kills the tree.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
        {
            Signals.ToGroup(Id, _program.StopSignal);
            try
            {
                await _process.WaitForExitAsync(cancellationToken).WaitAsync(_program.StopGrace, cancellationToken);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                Signals.KillSession(Id);
            }
        }

        await Exit;
    }

    private async Task EndSessionAsync()
    {
        if (Signals.InSession(Id).Count == 0)
        {
            return;
        }

        Signals.ToGroup(Id, _program.StopSignal);
        for (var waited = TimeSpan.Zero; waited < _program.StopGrace && Signals.InSession(Id).Count > 0; waited += TimeSpan.FromMilliseconds(50))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        Signals.KillSession(Id);
    }
}
