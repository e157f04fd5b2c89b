using System.Collections.Concurrent;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>
/// Debian's Chromium. Where it is missing it is installed like the servers of embedded mode: by root only, announced, once, and only where no systemd
/// runs or PRINTCRAFT_INSTALL_SERVERS=1 allows it.
/// </summary>
public static class Chromium
{
    private const string Path = "/usr/bin/chromium";
    private const string Install = "apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends chromium fonts-liberation";
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Found = new();

    /// <summary>Nothing that calls home: a request to anybody else fails a test.</summary>
    public static readonly IReadOnlyList<string> Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    public static bool IsPossible { get; } = File.Exists(Path) || MayInstall;

    private static bool MayInstall => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && IsDebian
        && (Environment.GetEnvironmentVariable("PRINTCRAFT_INSTALL_SERVERS") ?? (Directory.Exists("/run/systemd/system") ? "0" : "1")) == "1";

    /// <summary>Ubuntu's package of that name only points to a snap.</summary>
    private static bool IsDebian => File.Exists("/etc/os-release") && File.ReadLines("/etc/os-release").Contains("ID=debian");

    /// <summary>Where the program is, installed first if need be.</summary>
    public static Task<string> EnsureAsync() => Found.GetOrAdd(Path, _ => new Lazy<Task<string>>(FindAsync)).Value;

    private static async Task<string> FindAsync()
    {
        if (!File.Exists(Path))
        {
            Console.WriteLine("The tests install chromium with apt-get, once.");
            var (_, said) = await NpmPackages.RunAsync("sh", ["-c", $"export DEBIAN_FRONTEND=noninteractive; {Install} || {{ apt-get update && {Install}; }}"]);
            Assert.True(File.Exists(Path), $"chromium could not be installed: {said}");
        }

        return Path;
    }
}

/// <summary>A fact that needs a browser; skipped, visibly, where there is none and none may be installed.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (!Chromium.IsPossible)
        {
            Skip = "A browser is missing: apt-get install -y --no-install-recommends chromium";
        }
    }

    /// <summary>Whether it also needs the Firebase emulator.</summary>
    public bool NeedsFirebase
    {
        get => false;
        set => Skip ??= value && !FirebaseFactAttribute.IsPossible ? new FirebaseFactAttribute().Skip : null;
    }

    /// <summary>Whether it also needs packages of npm.</summary>
    public bool NeedsNode
    {
        get => false;
        set => Skip ??= value && !DashboardFactAttribute.IsPossible ? new NodeFactAttribute().Skip : null;
    }
}
