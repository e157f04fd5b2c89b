using System.Collections;
using System.Diagnostics;

namespace Aspire.Hosting.Embedded;

/// <summary>What to run: a program of this machine with its arguments, its folder and its own variables.</summary>
internal sealed record LocalProgram(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    private static readonly string[] NotInherited =
        ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL"];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public bool InheritEnvironment { get; init; } = true;

    /// <summary>The Linux account to run as when the host is root.</summary>
    public string? User { get; init; }

    public int StopSignal { get; init; } = LocalProcess.Terminate;

    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The full path of a program, as a shell would find it; null when there is none.</summary>
    public static string? Find(string fileName, string workingDirectory = "/")
    {
        var path = $"{System.Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin";
        return (fileName.Contains('/') ? [workingDirectory] : path.Split(':', StringSplitOptions.RemoveEmptyEntries))
            .Select(folder => Path.GetFullPath(fileName, Path.GetFullPath(folder)))
            .FirstOrDefault(file => File.Exists(file) && File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
    }

    /// <summary>
    /// The program behind setsid, so that the terminal's Ctrl+C reaches the host only and its whole tree can be found by session,
    /// and behind setpriv, so that it gets its stop signal when the host dies. Both exec: the process keeps its id.
    /// </summary>
    public ProcessStartInfo ToStartInfo()
    {
        var program = Find(FileName, WorkingDirectory) ?? throw new DistributedApplicationException($"{FileName} is missing: no such program.");
        var setpriv = Find("setpriv") ?? throw new DistributedApplicationException(
            "setpriv is missing. Install it: sudo apt-get install -y --no-install-recommends util-linux");
        string[] user = User is not null && System.Environment.IsPrivilegedProcess ? [$"--reuid={User}", $"--regid={User}", "--init-groups"] : [];
        var info = new ProcessStartInfo("setsid", [setpriv, "--pdeathsig", StopSignal == LocalProcess.Interrupt ? "INT" : "TERM", .. user, "--", program, .. Arguments])
        {
            WorkingDirectory = WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Clear();
        foreach (DictionaryEntry inherited in System.Environment.GetEnvironmentVariables())
        {
            if (InheritEnvironment ? !NotInherited.Contains(inherited.Key) : inherited.Key is "PATH")
            {
                info.Environment[(string)inherited.Key] = (string?)inherited.Value;
            }
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
