using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Studio;

/// <summary>Section <c>Studio</c>: what the page at / needs to know of its surroundings. All of it is public: the page tells it to everybody.</summary>
public sealed class StudioOptions
{
    public const string Section = "Studio";

    /// <summary>Where the Aspire dashboard is, for links to traces; without it there are none.</summary>
    [RegularExpression("https?://.+", ErrorMessage = "Studio:DashboardUrl must be an address as http://localhost:15310.")]
    public string? DashboardUrl { get; set; }

    /// <summary>The web API key of the Firebase project (no secret: it names the project). With it and <c>Firebase:ProjectId</c> the page signs in with Firebase.</summary>
    public string? FirebaseApiKey { get; set; }
}
