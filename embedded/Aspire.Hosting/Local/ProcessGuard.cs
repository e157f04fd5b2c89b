using System.Diagnostics;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// A shell in a session of its own that outlives the host by seconds. It reads which sessions run from a pipe; the kernel closes
/// that pipe however the host ends, also with kill -9, also as a zombie. What still runs then is told to stop, and killed 5 s later.
/// </summary>
internal sealed class ProcessGuard : IAsyncDisposable
{
    internal const string Script = """
        trap '' INT TERM HUP
        exec >/dev/null 2>&1
        sessions=
        while read -r verb session signal; do
          kept=
          for entry in $sessions; do [ "${entry%:*}" = "$session" ] || kept="$kept $entry"; done
          sessions=$kept
          [ "$verb" = watch ] && sessions="$sessions $session:$signal"
        done
        alive() {
          for stat in /proc/[0-9]*/stat; do
            { read -r line <"$stat"; } 2>/dev/null || continue
            set -- ${line%% *} ${line##*) }
            for entry in $sessions; do [ "$2" != Z ] && [ "${entry%:*}" = "$5" ] && echo "$1"; done
          done
        }
        [ -n "$sessions" ] || exit 0
        sleep 1
        for entry in $sessions; do kill "-${entry#*:}" "-${entry%:*}"; done
        for second in 1 2 3 4 5; do [ -z "$(alive)" ] && exit 0; sleep 1; done
        kill -9 $(alive)
        """;

    private readonly Lock _lock = new();
    private readonly Process _shell;

    public ProcessGuard(Func<ProcessStartInfo, Process> fork) => _shell = fork(
        new ProcessStartInfo(LocalProgram.Find("setsid") ?? "setsid", ["sh", "-c", Script, "printcraft-guard"])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        });

    public void Watch(int session, int signal) => Tell($"watch {session} {signal}");

    public void Forget(int session) => Tell($"forget {session}");

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
    }

    private void Tell(string line)
    {
        lock (_lock)
        {
            try
            {
                _shell.StandardInput.WriteLine(line);
                _shell.StandardInput.Flush();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // Someone killed the guard: the parent-death signals are left.
            }
        }
    }
}
