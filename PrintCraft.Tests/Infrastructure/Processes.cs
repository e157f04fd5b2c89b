using System.Diagnostics;
using System.Globalization;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>The graph's processes, for tests that kill them.</summary>
public static class Processes
{
    public static async Task<int> IdOfAsync(PrintCraftApp app, string resource)
    {
        var id = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                var known = app.App.ResourceNotifications.TryGetCurrentState(resource, out var state)
                    && state.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
                    && int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out id);
                return Task.FromResult(known);
            },
            () => $"a process of {resource}",
            TimeSpan.FromSeconds(30));
        return id;
    }

    /// <summary>SIGKILL, to it and its children.</summary>
    public static async Task KillAsync(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }
}
