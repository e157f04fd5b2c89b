using System.Diagnostics;

using PrintCraft.AppHost;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>A fact that needs the Firebase Auth emulator; skipped, visibly, where Node.js is missing or npm cannot fetch it.</summary>
public sealed class FirebaseFactAttribute : FactAttribute
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public FirebaseFactAttribute()
    {
        if (!IsPossible)
        {
            Skip = "The Firebase Auth emulator needs Node.js and npm (apt-get install nodejs npm), and a registry that has firebase-tools.";
        }
    }

    public static bool IsPossible { get; } = DashboardFactAttribute.IsPossible && (Directory.Exists(FirebaseEmulator.Folder) || HasRegistry());

    private static bool HasRegistry()
    {
        string[] ask = ["view", $"firebase-tools@{FirebaseEmulator.Version}", "version", "--fetch-retries=0"];
        using var npm = Process.Start(new ProcessStartInfo("npm", ask) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        if (npm.WaitForExit(Patience))
        {
            return npm.ExitCode == 0;
        }

        npm.Kill(entireProcessTree: true);
        return false;
    }
}
