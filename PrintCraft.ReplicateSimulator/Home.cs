namespace PrintCraft.ReplicateSimulator;

/// <summary>A page for people who open the address in a browser.</summary>
internal static class Home
{
    public static void MapHome(this WebApplication app) => app.MapGet("/", () =>
        Results.Stream(typeof(Home).Assembly.GetManifestResourceStream("home.html")!, "text/html; charset=utf-8"));
}
