using System.Diagnostics;

using Microsoft.Extensions.Logging;

namespace PrintCraft.AppHost.Commands;

/// <summary>The worker's verbs (docs/operations.md), on the servers of this run.</summary>
internal sealed class WorkerProgram(string environment, string imageFolder, params IResourceWithConnectionString[] servers)
{
    /// <summary>Runs a verb to its end: its exit code, and all it said.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string verb, ILogger logger, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo("dotnet", [FindProgram(), verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        info.Environment["Images__Folder"] = imageFolder;
        foreach (var server in servers)
        {
            info.Environment[$"ConnectionStrings__{server.Name}"] = await server.GetConnectionStringAsync(cancellationToken);
        }

        using var process = Process.Start(info)!;
        try
        {
            var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            var output = string.Concat(texts).Trim();
            logger.Tell($"{verb} ended with {process.ExitCode}: {output}");
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Beside this program: every project has a folder of its own in the same place.</summary>
    private static string FindProgram()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(own, "..", "..", "PrintCraft.Worker", Path.GetFileName(own), "PrintCraft.Worker.dll"));
    }
}
