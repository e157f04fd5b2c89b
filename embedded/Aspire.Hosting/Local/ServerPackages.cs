using System.Collections.Concurrent;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The Debian packages of the local servers. Missing ones are installed only by root, and only where no systemd runs (containers, CI,
/// bare machines) or where PRINTCRAFT_INSTALL_SERVERS=1 allows it; one installation at a time on the machine.
/// </summary>
internal static class ServerPackages
{
    internal const string Policy = "/usr/sbin/policy-rc.d";
    internal const string PolicyText = "#!/bin/sh\n# PrintCraft: an installed server does not start by itself.\nexit 101\n";
    internal static readonly ConcurrentDictionary<string, Func<bool>> Needed = new();
    internal static readonly SemaphoreSlim OneAtATime = new(1, 1);

    public static async Task EnsureAsync(ProcessSupervisor supervisor, Action<string, bool> output, CancellationToken cancellationToken)
    {
        await OneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (Missing() is [])
            {
                return;
            }

            if (!Environment.IsPrivilegedProcess
                || (Directory.Exists("/run/systemd/system") && Environment.GetEnvironmentVariable("PRINTCRAFT_INSTALL_SERVERS") != "1"))
            {
                throw new DistributedApplicationException($"{string.Join(", ", Missing())} {(Missing().Count == 1 ? "is missing. Install it" : "are missing. Install them")}: "
                    + $"sudo apt-get install -y --no-install-recommends {string.Join(' ', Missing())}");
            }

            using var machine = await FileLock.HoldAsync(Path.Combine(DataFolder.ToolsPath, "apt.lock"), cancellationToken);
            if (Missing() is not [])
            {
                await InstallAsync(Missing(), supervisor, output, cancellationToken);
            }
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static List<string> Missing() => [.. Needed.Where(package => !package.Value()).Select(package => package.Key).Order()];

    private static async Task InstallAsync(
        List<string> packages, ProcessSupervisor supervisor, Action<string, bool> output, CancellationToken cancellationToken)
    {
        Console.WriteLine($"PrintCraft installs {string.Join(", ", packages)} with apt-get, once (their system services stay off).");
        var putPolicy = !File.Exists(Policy) || await File.ReadAllTextAsync(Policy, cancellationToken) == PolicyText;
        if (putPolicy)
        {
            await File.WriteAllTextAsync(Policy, PolicyText, cancellationToken);
            File.SetUnixFileMode(Policy, DataFolder.Traversable);
        }

        try
        {
            string[] install = ["install", "-y", "--no-install-recommends", .. packages];
            if (await AptGetAsync(install) != 0 && (await AptGetAsync(["update"]) != 0 || await AptGetAsync(install) != 0))
            {
                throw new DistributedApplicationException($"apt-get could not install {string.Join(", ", packages)}. Try: apt-get update && apt-get {string.Join(' ', install)}");
            }
        }
        finally
        {
            if (putPolicy)
            {
                File.Delete(Policy);
            }
        }

        Task<int> AptGetAsync(string[] arguments) => supervisor.RunAsync(
            new LocalProgram("apt-get", ["-o", "DPkg::Lock::Timeout=120", .. arguments], "/")
            {
                Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" },
            },
            output, cancellationToken);
    }
}
