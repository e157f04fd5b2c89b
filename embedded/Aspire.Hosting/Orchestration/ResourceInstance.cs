using System.Security.Cryptography;

namespace Aspire.Hosting.Embedded;

/// <summary>One running copy of a resource; a resource without a process has one, named like itself.</summary>
internal sealed class ResourceInstance(IResource resource)
{
    public IResource Resource => resource;
    public bool HasProcess { get; } = resource is ProjectResource or ExecutableResource or ContainerResource;
    /// <summary>Telemetry names this instance by it.</summary>
    public string Suffix { get; } = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);
    public string Id => HasProcess ? $"{resource.Name}-{Suffix}" : resource.Name;
    /// <summary>The internal port of each endpoint; fresh ones at every start.</summary>
    public Dictionary<Endpoint, int> Ports { get; } = new(ReferenceEqualityComparer.Instance);
    public LocalServer? Server { get; set; }
    public LocalProcess? Process { get; set; }
    /// <summary>From waiting to the end of the process.</summary>
    public Task Life { get; set; } = Task.CompletedTask;
    /// <summary>One command at a time.</summary>
    public SemaphoreSlim Gate { get; } = new(1);
}
