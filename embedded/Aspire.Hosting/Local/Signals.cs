using System.Runtime.InteropServices;

namespace Aspire.Hosting.Embedded;

/// <summary>Linux signals, and the processes of a session: what a child started, as long as it made no session of its own.</summary>
internal static class Signals
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    public const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    internal const int Kill = 9;

    public static string Name(int signal) => signal switch { Interrupt => "INT", Terminate => "TERM", _ => $"{signal}" };

    public static void ToGroup(int leader, int signal) => _ = SendSignal(-leader, signal);

    public static void KillSession(int session)
    {
        foreach (var process in InSession(session))
        {
            _ = SendSignal(process, Kill);
        }
    }

    /// <summary>The living processes of a session; a zombie is dead.</summary>
    public static IReadOnlyList<int> InSession(int session) => [.. Processes().Where(process =>
        StatusOf(process) is [not "Z", _, _, var own, ..] && own == $"{session}")];

    public static IEnumerable<int> Processes() => Directory.EnumerateDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0).Where(process => process > 0);

    /// <summary>State, parent, group and session of a process; empty when it is gone.</summary>
    private static string[] StatusOf(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
