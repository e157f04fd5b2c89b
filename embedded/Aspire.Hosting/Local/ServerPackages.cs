using System.Collections.Concurrent;

namespace Aspire.Hosting.Embedded;

/// <summary>A server of Debian: its package, its account and where its program is, if it is.</summary>
internal sealed record ServerProgram(string Package, string Account, Func<string?> Find);

/// <summary>
/// Missing servers are installed only by root, and only where no systemd runs (containers, CI, bare machines) or where
/// PRINTCRAFT_INSTALL_SERVERS=1 allows it: all that the application needs at once, one installation at a time on the machine.
/// </summary>
internal static class ServerPackages
{
    private const string Policy = "/usr/sbin/policy-rc.d";
    private const string PolicyText = "#!/bin/sh\n# PrintCraft: an installed server does not start by itself.\nexit 101\n";
    private static readonly ConcurrentDictionary<string, ServerProgram> Needed = new();

    public static ServerProgram Need(ServerProgram program) => Needed[program.Package] = program;

    public static async Task EnsureAsync(ProcessSupervisor supervisor, Action<string, bool> output, CancellationToken cancellationToken)
    {
        if (Missing() is not { Length: > 0 } missing)
        {
            return;
        }

        if (!Environment.IsPrivilegedProcess
            || (Directory.Exists("/run/systemd/system") && Environment.GetEnvironmentVariable("PRINTCRAFT_INSTALL_SERVERS") != "1"))
        {
            var (verb, them) = missing.Contains(' ') ? ("are", "them") : ("is", "it");
            throw new DistributedApplicationException(
                $"{missing.Replace(" ", ", ")} {verb} missing. Install {them}: sudo apt-get install -y --no-install-recommends {missing}");
        }

        using var held = await DataFolder.HoldAsync(Path.Combine(DataFolder.ToolsPath, "apt.lock"), cancellationToken);
        if (Missing() is { Length: > 0 } packages)
        {
            Console.WriteLine($"PrintCraft installs {packages} with apt-get, once (their system services stay off).");
            await InstallAsync(packages, supervisor, output, cancellationToken);
        }
    }

    private static string Missing() => string.Join(' ', Needed.Values.Where(program => program.Find() is null).Select(program => program.Package).Order());

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
            if (await supervisor.RunAsync(program, output, cancellationToken) != 0)
            {
                throw new DistributedApplicationException($"apt-get could not install {packages}; the log of the server resource says why.");
            }
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
