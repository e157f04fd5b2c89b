using System.Diagnostics;
using System.Reflection;

namespace PrintCraft.AppHost;

/// <summary>The mode that the build chose, and why (docs/modes.md). Printed, checked, and asked for by nobody else.</summary>
internal static class Mode
{
    private static readonly TimeSpan RuntimeAnswer = TimeSpan.FromSeconds(3);

    /// <summary>Prints mode and reason; false when the mode cannot work any more, after a line that says what to do.</summary>
    public static bool Announce(TextWriter output)
    {
        var (mode, reason) = (Metadata("PrintCraftMode"), Metadata("PrintCraftModeReason"));
        output.WriteLine($"PrintCraft in {(mode == "aspire" ? "Aspire" : mode)} mode: {(reason is { Length: > 0 } ? reason : "asked for by PrintCraftMode")}.");
        if (mode != "aspire" || Answers("docker") || Answers("podman"))
        {
            return true;
        }

        Console.Error.WriteLine("No container runtime answers any more (docker info, podman info). Start it, or delete artifacts/mode.props to have the mode chosen again.");
        return false;
    }

    private static string? Metadata(string key) =>
        typeof(Mode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == key)?.Value;

    private static bool Answers(string runtime)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(runtime, "info") { RedirectStandardOutput = true, RedirectStandardError = true });
            if (process?.WaitForExit(RuntimeAnswer) == true)
            {
                return process.ExitCode == 0;
            }

            process?.Kill();
            return false;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
