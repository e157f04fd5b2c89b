using System.Diagnostics;
using System.Runtime.InteropServices;

using Xunit.Sdk;

namespace PrintCraft.Tests.Operations;

/// <summary>A program of PrintCraft as a process and session of its own: what it says, the signals it gets, how it ends.</summary>
public class ProgramProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private readonly string _name;
    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _all = [];

    /// <param name="project">A project of the solution, built with the tests.</param>
    /// <param name="environment">Added to the tests' own; null takes a variable away.</param>
    protected ProgramProcess(string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment)
        : this(project, ["dotnet", PathOf(project), .. arguments], environment, Path.GetDirectoryName(PathOf(project))!)
    {
    }

    /// <param name="command">A program of the machine and its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    protected ProgramProcess(string name, IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        _name = name;
        // A session of its own, as a terminal gives it: Ctrl+C then is a signal to the whole group. Tests that run in the background ignore
        // that signal, and a child inherits it.
        var info = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            info.Environment[variable] = value;
        }

        _process = Process.Start(info)!;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    public IReadOnlyList<string> Output => Copy(_output);

    public IReadOnlyList<string> Errors => Copy(_errors);

    /// <summary>Everything it said, for a failing test's message.</summary>
    public string Story => string.Join(Environment.NewLine, Copy(_all).Prepend($"{_name} after {Age.TotalSeconds:0.0} s{(HasEnded ? ", ended" : "")}:"));

    public static ProgramProcess Start(string project, IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        new(project, arguments, environment);

    /// <summary>The signal, to the process and its group.</summary>
    public void Send(int signal) => Assert.Equal(0, Kill(-Id, signal));

    /// <summary>SIGKILL to the process alone, as an operating system short of memory sends it.</summary>
    public void KillAlone() => _process.Kill(entireProcessTree: false);

    /// <summary>The exit code, and how long it took to come.</summary>
    public async Task<(int Code, TimeSpan After)> EndAsync(TimeSpan timeout)
    {
        var asked = Stopwatch.GetTimestamp();
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return (_process.ExitCode, Stopwatch.GetElapsedTime(asked));
        }
        catch (OperationCanceledException)
        {
            throw new XunitException($"It did not end within {timeout.TotalSeconds:0} s. {Story}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static extern int Kill(int process, int signal);

    /// <summary>The program in its project's own output folder, beside the tests' one.</summary>
    protected static string PathOf(string project, string? assembly = null)
    {
        var tests = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var program = Path.GetFullPath(Path.Combine(tests, "..", "..", project, Path.GetFileName(tests), $"{assembly ?? project}.dll"));
        return File.Exists(program) ? program : throw new XunitException($"{program} is missing: build the solution.");
    }

    private void Keep(List<string> lines, string? line)
    {
        if (line is not null)
        {
            lock (_lock)
            {
                lines.Add(line);
                _all.Add(line);
            }
        }
    }

    private List<string> Copy(List<string> lines)
    {
        lock (_lock)
        {
            return [.. lines];
        }
    }
}
