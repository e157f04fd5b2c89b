using System.Collections.Concurrent;
using System.Text;

namespace Aspire.Hosting.Embedded;

/// <summary>A server of Debian: its package, its account and where its program is, if it is.</summary>
internal sealed record ServerProgram(string Package, string Account, Func<string?> Find)
{
    /// <summary>Its files come before its account: between the two somebody else is still installing it. An ordinary user needs no account but his own.</summary>
    public bool IsInstalled => Find() is not null
        && (!Environment.IsPrivilegedProcess || File.ReadLines("/etc/passwd").Any(line => line.StartsWith(Account + ":", StringComparison.Ordinal)));
}

/// <summary>
/// Missing servers are installed only by root, and only where no systemd runs (containers, CI, bare machines) or where
/// PRINTCRAFT_INSTALL_SERVERS=1 allows it (0 forbids it): all that the application needs at once, one installation at a time on the machine.
/// </summary>
internal static class ServerPackages
{
    private const string LinkerCache = "/etc/ld.so.cache";
    private const string Policy = "/usr/sbin/policy-rc.d";
    private const string PolicyText = "#!/bin/sh\n# PrintCraft: an installed server does not start by itself.\nexit 101\n";
    private static readonly ConcurrentDictionary<string, ServerProgram> Needed = new();
    private static readonly ConcurrentDictionary<string, bool> Tried = new();

    private static bool MayInstall => Environment.IsPrivilegedProcess
        && (Environment.GetEnvironmentVariable("PRINTCRAFT_INSTALL_SERVERS") ?? (Directory.Exists("/run/systemd/system") ? "0" : "1")) == "1";

    /// <summary>
    /// The library of a program that has NetVips beside it: in a package upstream, the system's here. It has no account of its own, but comes into the
    /// linker's cache after everything that it needs itself.
    /// </summary>
    public static ServerProgram? NeedOf(ProjectResource? project) => !File.Exists(Path.Combine(Path.GetDirectoryName(project?.TargetPath) ?? "", "NetVips.dll")) ? null
        : Need(new("libvips42", "root", () => File.Exists(LinkerCache) && File.ReadAllText(LinkerCache, Encoding.Latin1).Contains("libvips.so.42") ? LinkerCache : null));

    public static ServerProgram Need(ServerProgram program) => Needed[program.Package] = program;

    /// <summary>Refuses a start that lacks a server which only a person may install.</summary>
    public static void Check()
    {
        if (Missing() is { Length: > 0 } missing && !MayInstall)
        {
            throw Lack(missing);
        }
    }

    public static async Task EnsureAsync(ServerProgram program, ProcessSupervisor supervisor, Action<string, bool> output, CancellationToken cancellationToken)
    {
        if (program.IsInstalled)
        {
            return;
        }

        Check();
        using var held = await DataFolder.HoldAsync(Path.Combine(DataFolder.ToolsPath, "apt.lock"), cancellationToken);
        if (!program.IsInstalled)
        {
            // One attempt serves all servers, also when it fails.
            var (packages, said) = (Missing(), "it failed a moment ago");
            if (Tried.TryAdd(packages, true))
            {
                Console.WriteLine($"PrintCraft installs {packages} with apt-get, once (their system services stay off).");
                await InstallAsync(packages, supervisor, (line, isError) => output(said = line, isError), cancellationToken);
            }

            if (!program.IsInstalled)
            {
                throw Lack(packages, $" (apt-get: {said})");
            }
        }
    }

    private static DistributedApplicationException Lack(string packages, string why = "")
    {
        var (verb, them) = packages.Contains(' ') ? ("are", "them") : ("is", "it");
        var command = $"{(Environment.IsPrivilegedProcess ? "" : "sudo ")}apt-get install -y --no-install-recommends {packages}";
        return new($"{packages.Replace(" ", ", ")} {verb} missing{why}. Install {them}: {command}");
    }

    private static string Missing() => string.Join(' ', Needed.Values.Where(program => !program.IsInstalled).Select(program => program.Package).Order());

    private static async Task InstallAsync(
        string packages, ProcessSupervisor supervisor, Action<string, bool> output, CancellationToken cancellationToken)
    {
        var putPolicy = !File.Exists(Policy) || await File.ReadAllTextAsync(Policy, cancellationToken) == PolicyText;
        try
        {
            if (putPolicy)
            {
                await File.WriteAllTextAsync(Policy, PolicyText, cancellationToken);
                File.SetUnixFileMode(Policy, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var install = $"apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends {packages}";
            var program = new LocalProgram("sh", ["-c", $"{install} || {{ apt-get update && {install}; }}"], "/")
            {
                Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            };
            await supervisor.RunAsync(program, output, cancellationToken);
        }
        finally
        {
            if (putPolicy)
            {
                File.Delete(Policy);
            }
        }
    }
}
