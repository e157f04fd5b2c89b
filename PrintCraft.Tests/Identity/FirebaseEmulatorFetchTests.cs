using System.Diagnostics;

using PrintCraft.AppHost;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>The emulator fetches itself; where that fails it says so and leaves nothing half done.</summary>
public sealed class FirebaseEmulatorFetchTests
{
    [NodeFact]
    public async Task Without_a_registry_the_emulator_ends_with_a_line_that_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("printcraft-firebase-tests-").FullName;
        try
        {
            var script = Path.Combine(Path.GetDirectoryName(Projects.PrintCraft_AppHost.ProjectPath.TrimEnd('/'))!, "PrintCraft.AppHost", "firebase-emulator.mjs");
            var start = new ProcessStartInfo("node", [script, folder, FirebaseEmulator.Version, "demo-printcraft"]) { RedirectStandardError = true, RedirectStandardOutput = true };
            // What a run left that was killed while it fetched; no process has that number.
            Directory.CreateDirectory(Path.Combine(folder, $"npm-firebase-tools@{FirebaseEmulator.Version}.999999999"));
            start.Environment["npm_config_registry"] = "http://127.0.0.1:1/";
            start.Environment["npm_config_fetch_retries"] = "0";
            using var emulator = Process.Start(start)!;

            var said = await emulator.StandardError.ReadToEndAsync();
            await emulator.WaitForExitAsync();

            Assert.Equal(1, emulator.ExitCode);
            Assert.EndsWith("start this resource again to retry.\n", said, StringComparison.Ordinal);
            Assert.Contains("npm could not fetch firebase-tools", said, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
