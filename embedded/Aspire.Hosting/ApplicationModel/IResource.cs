namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a project, a program, a server, a parameter. Annotations are internal here.</summary>
public interface IResource
{
    /// <summary>The name given in the AppHost.</summary>
    string Name { get; }

    internal List<IResourceAnnotation> Annotations { get; }
}

/// <summary>A fact attached to a resource.</summary>
public interface IResourceAnnotation;

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints other resources find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that others reach through a connection string. Its expression and properties are internal here.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string, once the resource has its ports and secrets.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(ConnectionString);
    }

    internal string ConnectionString { get; }

    /// <summary>The parts that a reference hands over as NAME_HOST, NAME_PORT and so on.</summary>
    internal IEnumerable<KeyValuePair<string, string>> GetConnectionProperties();
}

/// <summary>What every resource has.</summary>
public abstract class Resource : IResource
{
    private protected Resource(string name)
    {
        if (name is not { Length: > 0 and <= 64 } || !char.IsAsciiLetter(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new DistributedApplicationException(
                $"Resource name '{name}' is not valid: it starts with a letter and has at most 64 letters, digits and dashes.");
        }

        Name = name;
    }

    /// <inheritdoc/>
    public virtual string Name { get; }

    List<IResourceAnnotation> IResource.Annotations { get; } = [];
}
