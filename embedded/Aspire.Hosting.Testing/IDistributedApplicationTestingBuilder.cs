using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>A builder that a test finishes.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder
{
    /// <summary>The application, not yet started.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

internal sealed class TestingBuilder(IDistributedApplicationBuilder builder, Func<CancellationToken, Task<DistributedApplication>>? build)
    : IDistributedApplicationTestingBuilder
{
    public string AppHostDirectory => builder.AppHostDirectory;

    public ConfigurationManager Configuration => builder.Configuration;

    public IHostEnvironment Environment => builder.Environment;

    public IResourceCollection Resources => builder.Resources;

    public IServiceCollection Services => builder.Services;

    public Func<string, Func<string>, string> Secrets => builder.Secrets;

    public DistributedApplication Build() => builder.Build();

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
    {
        Services.AddHttpClient();
        return build is null ? Task.FromResult(builder.Build()) : build(cancellationToken);
    }
}
