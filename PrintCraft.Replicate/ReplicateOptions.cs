using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Replicate;

/// <summary>How to reach Replicate. Section <c>Replicate</c>. Only the token is needed.</summary>
public sealed class ReplicateOptions
{
    public const string Section = "Replicate";

    /// <summary>API token (<c>r8_…</c>), https://replicate.com/account/api-tokens.</summary>
    [Required(ErrorMessage = "Replicate:Token is missing: set it to an API token of https://replicate.com/account/api-tokens.")]
    public string Token { get; set; } = "";

    /// <summary>Resolved by service discovery: the simulator or https://api.replicate.com, as the AppHost says.</summary>
    [Required]
    public Uri BaseAddress { get; set; } = new("https+http://replicate");

    /// <summary>
    /// Public address of the PrintCraft API, for webhooks. Unset, no webhook is asked for and polling alone finishes the job.
    /// Must be https; plain http only for loopback in Development and Testing.
    /// </summary>
    public Uri? WebhookBaseUrl { get; set; }

    /// <summary>How long one call may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Hosts that output files are fetched from; <c>*.</c> stands for any subdomain.</summary>
    [Required, MinLength(1)]
    public IList<string> DeliveryHosts { get; set; } = [];

    internal static readonly string[] DefaultDeliveryHosts = ["replicate.delivery", "*.replicate.delivery"];

    /// <summary>Whether a file may be fetched from there: an allowed host, over https (plain http only from loopback).</summary>
    public bool MayDownload(Uri address) =>
        (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.UserInfo.Length == 0
        && DeliveryHosts.Any(host => host.StartsWith("*.", StringComparison.Ordinal)
            ? address.Host.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase)
            : address.Host.Equals(host, StringComparison.OrdinalIgnoreCase));
}
