using System.ComponentModel;
using System.Diagnostics;

namespace PrintCraft.Cli.Doctor;

/// <summary>Asks another program something that it answers at once.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Its exit code and the first line that it says; null when there is no such program, or it does not answer.</summary>
    public static async Task<(int Code, string Line)?> AskAsync(string program, string[] arguments, string folder, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var errors = process.StandardError.ReadToEndAsync(patience.Token);
                var said = await process.StandardOutput.ReadToEndAsync(patience.Token);
                said = said.Trim() is { Length: > 0 } output ? output : (await errors).Trim();
                await process.WaitForExitAsync(patience.Token);
                return (process.ExitCode, said.Split('\n')[0].Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, program)));
}
