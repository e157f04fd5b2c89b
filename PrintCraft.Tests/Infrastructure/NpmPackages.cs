using System.Diagnostics;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>
/// npm packages of a fixed version, fetched once for all checkouts of this account into the folder where the AppHost keeps its tools too
/// (docs/modes.md). Their install scripts do not run. The folder appears under its final name in one rename, so that two runs may meet.
/// </summary>
public static class NpmPackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The folder that holds <c>node_modules</c> with the packages.</summary>
    public static async Task<string> EnsureAsync(params string[] packages)
    {
        var folder = Path.Combine(ToolsPath, $"npm-{string.Join('-', packages).Replace('/', '-')}");
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var work = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(work);
        try
        {
            string[] install = ["install", "--prefix", work, "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"];
            var (exitCode, said) = await RunAsync("npm", [.. install, .. packages]);
            Assert.True(exitCode == 0, $"npm could not fetch {string.Join(", ", packages)}: {said}");
            Directory.Move(work, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another run was faster.
        }
        finally
        {
            if (Directory.Exists(work))
            {
                Directory.Delete(work, recursive: true);
            }
        }

        return folder;
    }

    /// <summary>Runs a program to its end; what it wrote to both of its outputs comes as one text.</summary>
    public static async Task<(int ExitCode, string Said)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var outputs = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, string.Join('\n', (await outputs).Reverse()));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static string ToolsPath => Path.Combine(
        Environment.GetEnvironmentVariable("PRINTCRAFT_DATA") is { Length: > 0 } wanted ? Path.GetFullPath(wanted)
        : Environment.IsPrivilegedProcess ? "/var/lib/printcraft"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "printcraft"),
        "tools");
}
