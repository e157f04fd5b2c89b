using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Builds an application for a test: random ports, temporary data, no dashboard unless asked for.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>An empty application.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        new DistributedApplicationBuilder(new DistributedApplicationOptions(), new TestRun(Assembly.GetEntryAssembly(), args, null));

    /// <summary>Runs the AppHost's own program, in this process and on a thread of its own, up to where it builds.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default) =>
        new TestRun(typeof(TEntryPoint).Assembly, args, configureBuilder).RunProgramAsync().WaitAsync(cancellationToken);
}
