using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;

namespace PrintCraft.Api.Studio;

/// <summary>What the page is told when it starts.</summary>
/// <param name="Environment">The name of it: Production says nothing, others are shown.</param>
/// <param name="DevelopmentCredential">Of the user <c>dev</c>; in Development and Testing only.</param>
/// <param name="DashboardUrl">The base address of the Aspire dashboard, without the login token; null where there is none.</param>
/// <param name="Firebase">How to sign in with Firebase; null where that is not configured.</param>
public sealed record StudioConfig(string Environment, string? DevelopmentCredential, string? DashboardUrl, StudioFirebase? Firebase)
{
    internal static StudioConfig Of(IServiceProvider services)
    {
        var (environment, studio) = (services.GetRequiredService<IHostEnvironment>(), services.GetRequiredService<IOptions<StudioOptions>>().Value);
        // The process does not start with a key anywhere else; the page looks for itself all the same.
        var key = environment.IsDevelopment() || environment.IsEnvironment("Testing") ? services.GetRequiredService<IOptions<IdentityOptions>>().Value.DevelopmentKey : null;
        return new StudioConfig(
            environment.EnvironmentName,
            key is { Length: > 0 } ? Core.Identity.DevelopmentCredential.Mint(key, "dev") : null,
            studio.DashboardUrl is { Length: > 0 } url ? new Uri(url).GetLeftPart(UriPartial.Authority) : null,
            StudioFirebase.Of(
                services.GetRequiredService<IOptions<FirebaseOptions>>().Value.ProjectId, services.GetRequiredService<IConfiguration>()[FirebaseAccess.EmulatorVariable], studio.FirebaseApiKey));
    }
}

/// <summary>Firebase's REST addresses (https://firebase.google.com/docs/reference/rest/auth), which need no library.</summary>
/// <param name="ApiKey">Names the project; the emulator takes any.</param>
/// <param name="AccountsUrl">Signs up and in.</param>
/// <param name="TokenUrl">Renews ID tokens.</param>
public sealed record StudioFirebase(string ApiKey, string AccountsUrl, string TokenUrl, bool IsEmulator)
{
    internal static StudioFirebase? Of(string? project, string? emulator, string? apiKey) => (project, emulator, apiKey) switch
    {
        (_, { Length: > 0 }, _) => new("emulator", $"http://{emulator}/identitytoolkit.googleapis.com", $"http://{emulator}/securetoken.googleapis.com", true),
        ({ Length: > 0 }, _, { Length: > 0 }) => new(apiKey, "https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com", false),
        _ => null,
    };

    /// <summary>The hosts that the page may call because of it.</summary>
    internal IEnumerable<string> Origins => new[] { AccountsUrl, TokenUrl }.Select(url => new Uri(url).GetLeftPart(UriPartial.Authority)).Distinct();
}
