using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace PrintCraft.AppHost;

/// <summary>
/// Sign-in with Firebase while there is no project: Google's own Auth emulator, a Node.js program. It fetches itself in the background, listens on
/// loopback, forgets its accounts with the run, and nothing waits for it.
/// </summary>
internal static class FirebaseEmulator
{
    public const string Version = "15.34.2";
    private const string Project = "demo-printcraft";
    private const int Port = 5330;

    /// <summary>Whether it belongs into this run: by default in Development where Node.js is; <c>Firebase:Emulator</c> decides otherwise.</summary>
    public static bool IsWanted(IDistributedApplicationBuilder builder) =>
        builder.Configuration.GetValue("Firebase:Emulator", builder.Environment.IsDevelopment()) && IsOnPath("node") && IsOnPath("npm");

    public static void AddFirebaseEmulator(this IDistributedApplicationBuilder builder, IResourceBuilder<ProjectResource> api)
    {
        var emulator = builder.AddExecutable("firebase", "node", ".", "firebase-emulator.mjs", ToolsFolder, Version, Project)
            .WithHttpEndpoint(Port, env: "PORT")
            .WithHttpHealthCheck("/")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Firebase Auth emulator");
        api.WithEnvironment("Firebase__ProjectId", Project)
            .WithEnvironment("FIREBASE_AUTH_EMULATOR_HOST", () => new Uri(emulator.GetEndpoint("http").Url).Authority);
    }

    /// <summary>Where it lies once it was fetched.</summary>
    public static string Folder => Path.Combine(ToolsFolder, $"npm-firebase-tools@{Version}");

    /// <summary>Shared by all checkouts of this account (docs/modes.md).</summary>
    private static string ToolsFolder => Path.Combine(
        Environment.GetEnvironmentVariable("PRINTCRAFT_DATA") is { Length: > 0 } wanted ? Path.GetFullPath(wanted)
        : Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? "/var/lib/printcraft"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "printcraft"),
        "tools");

    private static bool IsOnPath(string program)
    {
        var names = OperatingSystem.IsWindows() ? [$"{program}.exe", $"{program}.cmd"] : new[] { program };
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => names.Any(name => File.Exists(Path.Combine(folder, name))));
    }
}
