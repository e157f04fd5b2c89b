namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource instance and its new snapshot.</summary>
public class ResourceEvent
{
    internal ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot) =>
        (Resource, ResourceId, Snapshot) = (resource, resourceId, snapshot);

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>The instance's name, such as worker-abcdefgh.</summary>
    public string ResourceId { get; }

    /// <summary>What is known of it now.</summary>
    public CustomResourceSnapshot Snapshot { get; }
}
