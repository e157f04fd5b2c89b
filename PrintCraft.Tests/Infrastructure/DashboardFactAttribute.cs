namespace PrintCraft.Tests.Infrastructure;

/// <summary>A fact that needs the dashboard, and so Node.js; skipped, visibly, where there is none.</summary>
public sealed class DashboardFactAttribute : FactAttribute
{
    public DashboardFactAttribute()
    {
        if (!IsPossible)
        {
            Skip = "The dashboard needs Node.js and npm (apt-get install nodejs npm).";
        }
    }

    public static bool IsPossible { get; } = IsOnPath("node") && IsOnPath("npm");

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
