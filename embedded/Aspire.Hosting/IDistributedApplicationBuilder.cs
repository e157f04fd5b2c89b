namespace Aspire.Hosting;

/// <summary>Describes the application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>The folder of the AppHost project.</summary>
    string AppHostDirectory { get; }
    /// <summary>The AppHost's configuration.</summary>
    ConfigurationManager Configuration { get; }
    /// <summary>The AppHost's environment.</summary>
    IHostEnvironment Environment { get; }
    /// <summary>What has been added so far.</summary>
    IResourceCollection Resources { get; }
    /// <summary>The AppHost's services.</summary>
    IServiceCollection Services { get; }
    /// <summary>A builder for a resource that is already in the application, to change it.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    /// <summary>The application, ready to be started.</summary>
    DistributedApplication Build();

    /// <summary>A secret that is generated once and lives with the servers' data.</summary>
    internal string GetOrCreateSecret(string key, Func<string> generate);
}
