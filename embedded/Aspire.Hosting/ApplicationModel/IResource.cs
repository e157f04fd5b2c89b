namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a project, a program, a server, a parameter. What upstream keeps in annotations is internal.</summary>
public interface IResource
{
    /// <summary>The name given in the AppHost.</summary>
    string Name { get; }

    internal ResourceDescription Description { get; }
}

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others reach through a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string, once the application has started.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<string?>(cancellationToken) : new(Description.ConnectionString!());
}

/// <summary>What every resource has.</summary>
public abstract class Resource : IResource
{
    private protected Resource(string name) => Name = name is { Length: > 0 and <= 64 } && char.IsAsciiLetter(name[0]) && name.All(IsAllowed)
        ? name
        : throw new DistributedApplicationException($"Resource name '{name}' must start with a letter and have at most 64 letters, digits and dashes.");

    /// <inheritdoc/>
    public virtual string Name { get; }

    internal ResourceDescription Description { get; } = new();

    ResourceDescription IResource.Description => Description;

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';
}

/// <summary>Everything that the AppHost said about a resource.</summary>
internal sealed class ResourceDescription
{
    public List<Endpoint> Endpoints { get; } = [];
    public List<string> Arguments { get; } = [];
    public List<Action<IDictionary<string, string>>> Environment { get; } = [];
    /// <summary>Null waits for health, a number for the end with that exit code.</summary>
    public List<(IResource Dependency, int? ExitCode)> Waits { get; } = [];
    public List<string> HealthChecks { get; } = [];
    public List<Func<ResourceReadyEvent, CancellationToken, Task>> WhenReady { get; } = [];
    public List<(string Endpoint, Action<List<ResourceUrlAnnotation>, EndpointReference> Change)> UrlChanges { get; } = [];
    public HashSet<RelationshipSnapshot> Relationships { get; } = [];
    public List<ResourceCommand> Commands { get; } = [];
    public int Replicas { get; set; } = 1;
    public Func<string>? ConnectionString { get; set; }
    /// <summary>The parts of the connection string by name: NAME_HOST and so on.</summary>
    public Func<IEnumerable<(string Name, string Value)>>? ConnectionProperties { get; set; }
}
