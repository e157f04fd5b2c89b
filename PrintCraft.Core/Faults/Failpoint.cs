using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PrintCraft.Core.Faults;

/// <summary>
/// Places where a test may end this process, as a power cut would, or stop it, as an overloaded machine does. They stand in the code of
/// every build, so that what is tested is what runs; without <see cref="Variable"/> each costs one read of a field.
/// </summary>
public static partial class Failpoint
{
    /// <summary><c>W4</c>: SIGKILL at the first reach of W4. <c>W4:3</c>: at the third. <c>W4=stop</c>: SIGSTOP. Only in environment Testing.</summary>
    public const string Variable = "PRINTCRAFT_FAILPOINT";

    private const int SigKill = 9;
    private const int SigStop = 19;

    /// <summary>The steps of a generation, in order: API, relay, worker.</summary>
    private static readonly string[] Points = ["A1", "A2", "A3", "A4", "R1", "R2", "R3", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "W9", "W10"];

    private static Armed? _armed;

    public static bool IsArmed => _armed is not null;

    /// <summary>Reads the variable; when it may not be set, or means nothing, says so on standard error: then the process must not start.</summary>
    public static bool TryArm(string environmentName)
    {
        if (Environment.GetEnvironmentVariable(ClockSkew.Variable) is { Length: > 0 } && !IsTesting(environmentName))
        {
            Console.Error.WriteLine($"{ClockSkew.Variable} is set, but a wrong clock is only for Testing. Remove it.");
            return false;
        }

        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return true;
        }

        if (!IsTesting(environmentName))
        {
            Console.Error.WriteLine($"{Variable} is set, but failpoints work only in Testing. Remove it.");
            return false;
        }

        if (Grammar().Match(text) is not { Success: true } match || !Points.Contains(match.Groups["point"].Value))
        {
            Console.Error.WriteLine($"{Variable} must be a point ({string.Join(", ", Points)}), then :N for the Nth reach, then =stop or =kill.");
            return false;
        }

        var reach = match.Groups["reach"] is { Success: true, Value: var number } ? int.Parse(number, CultureInfo.InvariantCulture) : 1;
        _armed = new Armed(match.Groups["point"].Value, reach, match.Groups["how"].Value == "stop" ? SigStop : SigKill);
        return true;
    }

    /// <summary>This process is at that point now.</summary>
    public static void Reach(string point) => _armed?.Reach(point);

    private static bool IsTesting(string environmentName) => environmentName.Equals("Testing", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^(?<point>[A-Z]\d{1,2})(:(?<reach>[1-9]\d{0,5}))?(=(?<how>stop|kill))?$")]
    private static partial Regex Grammar();

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private sealed class Armed(string at, int reach, int signal)
    {
        private static readonly TimeSpan StopTakesEffect = TimeSpan.FromMilliseconds(50);
        private int _reached;

        public void Reach(string point)
        {
            if (point != at || Interlocked.Increment(ref _reached) != reach)
            {
                return;
            }

            // The signal itself, not Environment.FailFast or Exit: nothing is flushed, rolled back, handed back or said.
            _ = Kill(Environment.ProcessId, signal);
            // The kernel stops the other threads first; this one must not run on meanwhile.
            using var never = new ManualResetEventSlim();
            never.Wait(StopTakesEffect);
        }
    }
}
