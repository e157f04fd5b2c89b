using System.Runtime.InteropServices;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The dashboard program, out of the Aspire CLI's npm package: fetched and unpacked once for all checkouts of this account. Only its
/// dashboard half stays on disk, and it appears under its final name in one rename.
/// </summary>
internal static class DashboardPackage
{
    private const string Version = "13.5.4";

    /// <summary>Whether the program is there or can be fetched.</summary>
    public static bool IsPossible => Directory.Exists(Folder) || (LocalProgram.Find("node") is not null && LocalProgram.Find("npm") is not null);

    private static string Folder => Path.Combine(DataFolder.ToolsPath, $"aspire-{Version}");

    /// <summary>The path of the program; null, and one line in the log, when it cannot be had.</summary>
    public static async Task<string?> EnsureAsync(ProcessSupervisor supervisor, ILogger logger, CancellationToken cancellationToken)
    {
        var folder = Folder;
        using var held = await DataFolder.HoldAsync($"{folder}.lock", cancellationToken);
        if (Directory.Exists(folder))
        {
            return $"{folder}/aspire-managed";
        }

        var package = $"@microsoft/aspire-cli-linux-{(RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64")}";
        logger.LogInformation("Dashboard: fetching {Package} {Version} with npm, once (about 150 MB)…", package, Version);
        var work = $"{folder}.part";
        DataFolder.Delete(work);
        DataFolder.Create(work);
        var environment = new Dictionary<string, string> { ["ASPIRE_HOME"] = work, ["HOME"] = work, ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" };
        LocalProgram[] steps =
        [
            new("npm", ["install", "--prefix", work, "--no-package-lock", "--no-audit", "--no-fund", $"{package}@{Version}"], work),
            new($"{work}/node_modules/{package}/bin/aspire", ["setup", "--install-path", work, "--non-interactive", "--nologo"], work) { Environment = environment },
        ];
        foreach (var step in steps)
        {
            var said = "";
            if (await supervisor.RunAsync(step, (line, _) => said = line, cancellationToken) != 0)
            {
                logger.LogWarning("Dashboard: {Step} failed ({Said}); everything else runs.", step.FileName, said);
                return null;
            }
        }

        Directory.Move(Path.Combine(Directory.ResolveLinkTarget($"{work}/bundle", returnFinalTarget: true)!.FullName, "managed"), folder);
        DataFolder.Delete(work);
        return $"{folder}/aspire-managed";
    }
}
