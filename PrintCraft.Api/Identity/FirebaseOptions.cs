using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Identity;

/// <summary>Section <c>Firebase</c>.</summary>
internal sealed class FirebaseOptions
{
    public const string Section = "Firebase";

    /// <summary>The project whose ID tokens are taken; without one, none are. With the emulator it is <c>demo-printcraft</c> unless set.</summary>
    public string? ProjectId { get; set; }

    /// <summary>
    /// A service account of the project, as the path of its JSON file or as that JSON. With it every verification asks Google for the account: who is
    /// disabled, deleted or revoked stays out, and a role counts as it is now. Without it a token counts until it expires, an hour at most.
    /// </summary>
    public string? ServiceAccount { get; set; }

    /// <summary>How long a verification may take, retries included. Google's keys are kept for hours; accounts are asked for each time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Who answers instead of googleapis.com, for tests: the keys that he serves sign any token. The process refuses to start with it outside
    /// Development and Testing.
    /// </summary>
    public Uri? GoogleAddress { get; set; }
}
