namespace PrintCraft.ReplicateSimulator.Deployments;

/// <summary>
/// A model version on machines of one's own: https://replicate.com/docs/reference/http#deployments.get. It never changes; a new release is
/// a new object.
/// </summary>
internal sealed record Deployment(string Owner, string Name, Release CurrentRelease);

/// <param name="Number">From 1; each change of any property makes the next.</param>
internal sealed record Release(
    int Number, string Model, string Version, DateTime CreatedAt, Account CreatedBy, ReleaseConfiguration Configuration);

/// <param name="Hardware">A SKU such as <c>gpu-t4</c>. Nothing runs on it here, so any text is one.</param>
internal sealed record ReleaseConfiguration(string Hardware, int MinInstances, int MaxInstances);

internal sealed record Account(string Type, string Username, string Name)
{
    /// <summary>The only one there is, whatever the token.</summary>
    public static readonly Account Own = new("organization", "simulator", "PrintCraft.ReplicateSimulator");
}

/// <summary>https://replicate.com/docs/reference/http#deployments.list</summary>
internal sealed record DeploymentPage(string? Previous, string? Next, IReadOnlyList<Deployment> Results);
