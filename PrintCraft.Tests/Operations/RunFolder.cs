using System.Globalization;

namespace PrintCraft.Tests.Operations;

/// <summary>
/// What PrintCraft keeps outside the checkout, in a folder of this test's own. Its name is the mark by which every process of the run is
/// found, whoever owns it and whoever its parent is: each has it among its variables (servers in PATH) or works inside the folder.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const UnixFileMode PassThrough = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public RunFolder(bool withTools = true)
    {
        Directory.CreateDirectory(Path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, PassThrough);
        }

        if (withTools)
        {
            // The dashboard program is 150 MB: this account's copy serves every test.
            var shared = Environment.IsPrivilegedProcess ? "/var/lib/printcraft/tools"
                : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "printcraft", "tools");
            Directory.CreateDirectory(shared);
            Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, "tools"), shared);
        }
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"printcraft-operations-{Guid.NewGuid():n}");

    /// <summary>The one file of that name inside the data of the checkout.</summary>
    public string? Find(string name) => Directory.GetDirectories(Path).Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Every process of this folder's runs.</summary>
    public IReadOnlyList<MarkedProcess> Processes() =>
        [.. Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(System.IO.Path.GetFileName(folder)[0])).Select(Read).OfType<MarkedProcess>()];

    /// <summary>Processor time of the runs' processes, and of their children that ended.</summary>
    public TimeSpan ProcessorTime() => TimeSpan.FromSeconds(Processes().Sum(process => process.Ticks) / MachineLoad.TicksPerSecond);

    public void Dispose()
    {
        foreach (var process in Processes())
        {
            _ = ProgramProcess.Kill(process.Id, 9);
        }

        // The link goes, what it points to stays.
        Directory.Delete(Path, recursive: true);
    }

    private MarkedProcess? Read(string folder)
    {
        try
        {
            var mark = System.IO.Path.GetFileName(Path);
            var variables = File.ReadAllText($"{folder}/environ");
            var isOurs = variables.Contains(mark, StringComparison.Ordinal) || new FileInfo($"{folder}/cwd").LinkTarget?.Contains(mark, StringComparison.Ordinal) == true;
            // The fields after the name, which is in brackets: proc(5), from state on. 11 to 14 are processor time, 19 is the start.
            var stat = File.ReadAllText($"{folder}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return isOurs && fields[0] is not ("Z" or "X")
                ? new MarkedProcess(
                    int.Parse(System.IO.Path.GetFileName(folder), CultureInfo.InvariantCulture), fields[19], fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)), File.ReadAllText($"{folder}/comm").Trim(),
                    File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ').Trim(), variables.Split('\0'))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or it ended this moment.
            return null;
        }
    }
}

/// <summary>A running process; id and start time together name it for good.</summary>
public sealed record MarkedProcess(int Id, string StartTime, long Ticks, string Name, string CommandLine, string[] Variables)
{
    public bool Equals(MarkedProcess? other) => other is not null && (other.Id, other.StartTime) == (Id, StartTime);

    public override int GetHashCode() => HashCode.Combine(Id, StartTime);

    public string? Variable(string name) => Variables.FirstOrDefault(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal))?[(name.Length + 1)..];

    public override string ToString() => $"{Id} {CommandLine}";
}
