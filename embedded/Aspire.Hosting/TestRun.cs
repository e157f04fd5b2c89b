using System.Reflection;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting;

/// <summary>
/// A test that has taken over an AppHost: it gives the builder its settings, runs the AppHost's program on a thread of its own, and
/// holds it where it builds until the test goes on. The program finds its test through its own flow of execution, so any number can
/// run side by side.
/// </summary>
internal sealed class TestRun(Assembly? appHost, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings>? configure)
{
    private readonly TaskCompletionSource<IDistributedApplicationTestingBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new();
    private bool _hasProgram;

    public static AsyncLocal<TestRun?> Current { get; } = new();

    public Assembly? AppHost => appHost;

    public TaskCompletionSource<DistributedApplication> Application { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IDistributedApplicationTestingBuilder> RunProgramAsync()
    {
        _hasProgram = true;
        new Thread(RunProgram) { IsBackground = true, Name = $"{appHost?.GetName().Name} entry point" }.Start();
        return _builder.Task;
    }

    /// <summary>What the test sets wins; then come the AppHost's launch profile and the defaults of every test.</summary>
    public void Configure(DistributedApplicationOptions options, HostApplicationBuilderSettings settings, string? projectFolder)
    {
        settings.Args = options.Args = [.. settings.Args ?? [], .. args];
        settings.Configuration = new ConfigurationManager();
        options.DisableDashboard = true;
        configure?.Invoke(options, settings);

        var known = new ConfigurationBuilder().AddConfiguration(settings.Configuration).AddCommandLine(settings.Args ?? []).Build();
        var defaults = new Dictionary<string, string>
        {
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPNETCORE_URLS"] = "http://localhost:8080",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:4317",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
        };
        LaunchProfile.Find(projectFolder, known["DOTNET_LAUNCH_PROFILE"])?.AddTo(defaults);
        defaults.TryAdd("ENVIRONMENT", defaults.GetValueOrDefault("DOTNET_ENVIRONMENT", Environments.Production));
        settings.Configuration.AddInMemoryCollection(defaults.Where(pair => known[pair.Key] is null).ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
    }

    public void Hold(IDistributedApplicationTestingBuilder builder)
    {
        if (_hasProgram)
        {
            _builder.TrySetResult(builder);
            // The program's own thread; nothing else waits on it.
            _goOn.Task.GetAwaiter().GetResult();
        }
    }

    public Task<DistributedApplication> BuildAsync(IDistributedApplicationTestingBuilder builder, CancellationToken cancellationToken)
    {
        _goOn.TrySetResult();
        return _hasProgram ? Application.Task.WaitAsync(cancellationToken) : Task.FromResult(builder.Build());
    }

    private void RunProgram()
    {
        Current.Value = this;
        try
        {
            var program = appHost?.EntryPoint ?? throw new InvalidOperationException($"{appHost} has no entry point.");
            program.Invoke(null, BindingFlags.DoNotWrapExceptions, null, program.GetParameters().Length == 0 ? [] : [Array.Empty<string>()], null);
            throw new InvalidOperationException($"The entry point of {appHost.GetName().Name} ended without building an application.");
        }
        catch (Exception exception)
        {
            _builder.TrySetException(exception);
            Application.TrySetException(exception);
        }
    }
}
