using Microsoft.Extensions.Configuration;

namespace PrintCraft.AppHost;

/// <summary>Where the dashboard of this run is; known from the start, whether or not it is up already.</summary>
internal static class DashboardAddress
{
    /// <summary>Its base address, which is no secret; null when the dashboard is off.</summary>
    public static string? Of(IConfiguration configuration) =>
        configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } url && configuration["AppHost:BrowserToken"] is { Length: > 0 } ? url : null;

    /// <summary>The link that lets a person in, with the token of this run; for the console only.</summary>
    public static string? LoginOf(IConfiguration configuration) => Of(configuration) is { } url ? $"{url}/login?t={configuration["AppHost:BrowserToken"]}" : null;
}
