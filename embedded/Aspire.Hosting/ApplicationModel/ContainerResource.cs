using Aspire.Hosting.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server. Upstream runs it in a container, here it is a program on this machine.</summary>
public abstract class ContainerResource : Resource, IResourceWithEndpoints, IResourceWithWaitSupport
{
    private protected ContainerResource(string name, ParameterResource password, int? port) : base(name)
    {
        Password = password;
        Endpoint = new EndpointAnnotation("tcp", "tcp", port);
        ((IResource)this).Annotations.Add(Endpoint);
    }

    internal ParameterResource Password { get; }

    internal EndpointAnnotation Endpoint { get; }

    internal int Port => Endpoint.AllocatedPort
        ?? throw new InvalidOperationException($"Resource '{Name}' has no port yet: the application has not started.");

    /// <summary>Whether the data outlives a run.</summary>
    internal bool KeepsData { get; set; }

    internal abstract LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output);
}
