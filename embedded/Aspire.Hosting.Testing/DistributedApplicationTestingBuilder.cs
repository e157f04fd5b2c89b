using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Builds an application for a test: random ports, temporary data, no dashboard unless asked for.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>An empty application.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args)
    {
        var taken = new TestInterception(Assembly.GetEntryAssembly(), args, (_, _) => { });
        return new TestingBuilder(new DistributedApplicationBuilder(new DistributedApplicationOptions(), taken), build: null);
    }

    /// <summary>Runs the AppHost's own entry point, in this process and on a thread of its own, up to where it builds.</summary>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
    {
        var assembly = typeof(TEntryPoint).Assembly;
        var taken = new EntryPointInterception(assembly, args, configureBuilder);
        new Thread(taken.RunEntryPoint) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" }.Start();
        var builder = await taken.Builder.WaitAsync(cancellationToken);
        return new TestingBuilder(builder, taken.ContinueAsync);
    }
}
