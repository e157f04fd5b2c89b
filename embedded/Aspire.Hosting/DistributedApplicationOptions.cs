namespace Aspire.Hosting;

/// <summary>How the builder is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }
    /// <summary>Whether to do without the dashboard.</summary>
    public bool DisableDashboard { get; set; }
}
