using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Gives a builder the settings of a test and the variables of the AppHost's launch profile; what the test sets wins.</summary>
internal class TestInterception(
    Assembly? assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : BuilderInterception
{
    public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        settings.Args = options.Args = [.. settings.Args ?? [], .. args];
        settings.ApplicationName = options.AssemblyName = assembly?.GetName().Name;
        settings.Configuration ??= new ConfigurationManager();
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        configure(options, settings);

        var known = new ConfigurationBuilder().AddConfiguration(settings.Configuration).AddCommandLine(settings.Args).Build();
        var defaults = new Dictionary<string, string>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPNETCORE_URLS"] = "http://localhost:8080",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        };
        if (DistributedApplicationBuilder.Metadata(assembly, "AppHostProjectPath") is { } folder
            && LaunchProfile.Find(folder, known["DOTNET_LAUNCH_PROFILE"]) is { } profile)
        {
            profile.AddTo(defaults);
            defaults.TryAdd("ENVIRONMENT", defaults.GetValueOrDefault("DOTNET_ENVIRONMENT", Environments.Production));
        }

        var missing = defaults.Where(pair => known[pair.Key] is null).ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        settings.Configuration.AddInMemoryCollection(missing);
    }
}

/// <summary>
/// Runs an AppHost's program, holds it where it builds until the test says so, and fails the test with whatever the program throws
/// before. The test is found through the program's own flow of execution, so any number can run side by side.
/// </summary>
internal sealed class EntryPointInterception(
    Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    : TestInterception(assembly, args, configure)
{
    private readonly Assembly _assembly = assembly;
    private readonly TaskCompletionSource<IDistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new();
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IDistributedApplicationBuilder> Builder => _builder.Task;

    public Task<DistributedApplication> ContinueAsync(CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    public void RunEntryPoint()
    {
        Current.Value = this;
        try
        {
            var entryPoint = _assembly.EntryPoint ?? throw new InvalidOperationException($"{_assembly.GetName().Name} has no entry point.");
            entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, null, entryPoint.GetParameters().Length == 0 ? [] : [Array.Empty<string>()], null);
            Fail(new InvalidOperationException($"The entry point of {_assembly.GetName().Name} ended without building an application."));
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public override void Building(IDistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        // The program's own thread; nothing else waits on it.
        _goOn.Task.GetAwaiter().GetResult();
    }

    public override void Built(DistributedApplication application) => _application.TrySetResult(application);

    private void Fail(Exception exception)
    {
        _builder.TrySetException(exception);
        _application.TrySetException(exception);
    }
}
