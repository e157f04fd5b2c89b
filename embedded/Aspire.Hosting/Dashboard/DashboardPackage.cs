using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The dashboard program, out of the Aspire CLI's npm package: fetched and unpacked once for all checkouts of this account. Only its
/// dashboard half stays on disk, and it appears under its final name in one rename.
/// </summary>
internal static class DashboardPackage
{
    internal const string Version = "13.5.4";

    /// <summary>The path of the program; null, and one line in the log, when it cannot be had.</summary>
    public static async Task<string?> EnsureAsync(ProcessSupervisor supervisor, ILogger logger, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(DataFolder.ToolsPath, $"aspire-{Version}");
        var program = Path.Combine(folder, "aspire-managed");
        using var machine = await FileLock.HoldAsync(folder + ".lock", cancellationToken);
        if (File.Exists(program))
        {
            return program;
        }

        if (LocalProgram.Find("node") is null || LocalProgram.Find("npm") is null)
        {
            logger.LogWarning("Dashboard: Node.js and npm are missing (apt-get install nodejs npm); everything else runs.");
            return null;
        }

        var package = $"@microsoft/aspire-cli-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        logger.LogInformation("Dashboard: fetching {Package} {Version} with npm, once (about 150 MB)…", package, Version);
        var work = folder + ".part";
        DeleteIfThere(work);
        DataFolder.Create(work);
        var lines = new List<string>();
        var npm = new LocalProgram("npm", ["install", "--prefix", work, "--no-package-lock", "--no-audit", "--no-fund", $"{package}@{Version}"], work);
        var setup = new LocalProgram($"{work}/node_modules/{package}/bin/aspire", ["setup", "--install-path", work, "--non-interactive", "--nologo"], work)
        {
            Environment = new Dictionary<string, string>
            {
                ["ASPIRE_HOME"] = work,
                ["HOME"] = work,
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
            },
        };
        foreach (var step in new[] { npm, setup })
        {
            if (await supervisor.RunAsync(step, (line, _) => lines.Add(line), cancellationToken) != 0)
            {
                logger.LogWarning("Dashboard: {Step} failed ({Reason}); everything else runs.", Path.GetFileName(step.FileName), string.Join(" ", lines.TakeLast(3)));
                return null;
            }
        }

        DeleteIfThere(folder);
        Directory.Move(Path.Combine(Directory.ResolveLinkTarget($"{work}/bundle", true)!.FullName, "managed"), folder);
        DeleteIfThere(work);
        return program;
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
