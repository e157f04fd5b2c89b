namespace Aspire.Hosting;

/// <summary>How the builder is made.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Whether to do without the dashboard.</summary>
    public bool DisableDashboard { get; set; }

    internal string[]? Args { get; set; }
}
