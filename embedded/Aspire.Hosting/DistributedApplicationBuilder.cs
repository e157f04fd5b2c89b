using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationTestingBuilder
{
    private readonly TestRun? _test;
    private readonly HostApplicationBuilder _host;
    private readonly Lazy<DataFolder> _folder;

    public DistributedApplicationBuilder(DistributedApplicationOptions options, TestRun? test)
    {
        _test = test;
        var assembly = test is null ? Assembly.GetEntryAssembly() : test.AppHost;
        var directory = Metadata(assembly, "AppHostProjectPath");
        var settings = new HostApplicationBuilderSettings { Args = options.Args, ContentRootPath = Directory.Exists(directory) ? directory : null };
        test?.Configure(options, settings, directory);
        settings.ApplicationName ??= assembly?.GetName().Name;
        _host = new HostApplicationBuilder(settings);
        AppHostDirectory = directory ?? Environment.ContentRootPath;
        _folder = new(() => DataFolder.Open(Path.Combine(AppHostDirectory, Environment.ApplicationName), temporary: test is not null));

        AddLogging();
        AddServices(options.DisableDashboard);
        if (!options.DisableDashboard)
        {
            string[] keys = ["AppHost:OtlpApiKey", "AppHost:DashboardApiKey", "AppHost:BrowserToken", "AppHost:ResourceService:ApiKey"];
            Configuration.AddInMemoryCollection(keys.Where(key => Configuration[key] is null)
                .ToDictionary(key => key, _ => (string?)Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))));
        }
    }

    public string AppHostDirectory { get; }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IServiceCollection Services => _host.Services;

    public string GetOrCreateSecret(string key, Func<string> generate) => _folder.Value.Secret(key, generate);

    public DistributedApplication Build()
    {
        _test?.Hold(this);
        var application = new DistributedApplication(_host.Build(), _test is not null);
        _test?.Application.TrySetResult(application);
        return application;
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => _test!.BuildAsync(this, cancellationToken);

    private void AddServices(bool disableDashboard)
    {
        Services.AddSingleton(_folder).AddSingleton(TimeProvider.System).AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(new ResourceNotificationService(endedIsFinal: disableDashboard || _test is not null));
        Services.AddSingleton(new ResourceLoggerService(TimeProvider.System));
        Services.AddSingleton<ProcessSupervisor>().AddSingleton<HealthMonitor>().AddSingleton<ResourceRunner>();
        Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<ResourceRunner>().ExecuteAsync));
        Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Orchestrator>(services, disableDashboard));
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        Services.AddHttpClient().AddHealthChecks();
        if (_test is not null)
        {
            Services.AddSingleton<IHostLifetime, NoSignals>();
        }
    }

    private void AddLogging()
    {
        _host.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // Failed checks are in the snapshots, and a failed start is what RunAsync throws.
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Once more, so that appsettings win over these.
        _host.Logging.AddConfiguration(Configuration.GetSection("Logging"));
    }

    private static string? Metadata(Assembly? assembly, string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => string.Equals(metadata.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>Ctrl+C belongs to the test runner.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
