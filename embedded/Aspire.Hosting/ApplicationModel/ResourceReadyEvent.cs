namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource has become healthy for the first time since it was started.</summary>
public class ResourceReadyEvent
{
    internal ResourceReadyEvent(IResource resource, IServiceProvider services) => (Resource, Services) = (resource, services);

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services { get; }
}
