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

/// <summary>A resource has become healthy for the first time since it was started.</summary>
public class ResourceReadyEvent
{
    internal ResourceReadyEvent(IResource resource, IServiceProvider services) => (Resource, Services) = (resource, services);

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services { get; }

    internal IResource Resource { get; }
}
