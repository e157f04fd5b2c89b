using System.Reflection;
using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>How a test takes over a builder. An AppHost that a test runs as a program finds its test through the flow of that program only.</summary>
internal abstract class BuilderInterception
{
    public static AsyncLocal<BuilderInterception?> Current { get; } = new();

    public abstract void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    public virtual void Building(IDistributedApplicationBuilder builder)
    {
    }

    public virtual void Built(DistributedApplication application)
    {
    }
}

/// <summary>What the orchestrator needs to know of how the application was built.</summary>
internal sealed record AppHostOptions(bool DisableDashboard, bool UnderTest, bool RandomizePorts);

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly DistributedApplicationOptions _options;
    private readonly BuilderInterception? _interception;
    private readonly HostApplicationBuilder _host;
    private readonly Lazy<DataFolder> _folder;

    public DistributedApplicationBuilder(DistributedApplicationOptions options, BuilderInterception? interception)
    {
        (_options, _interception) = (options, interception);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        interception?.Constructing(options, settings);

        var assembly = options.AssemblyName is { } name ? Assembly.Load(new AssemblyName(name)) : Assembly.GetEntryAssembly();
        var directory = Metadata(assembly, "AppHostProjectPath");
        settings.ApplicationName ??= assembly?.GetName().Name;
        settings.ContentRootPath ??= Directory.Exists(directory) ? directory : null;
        _host = new HostApplicationBuilder(settings);
        AppHostDirectory = directory ?? Environment.ContentRootPath;
        var project = Path.Combine(AppHostDirectory, Metadata(assembly, "AppHostProjectName") ?? Environment.ApplicationName);
        _folder = new(() => DataFolder.Open(project, temporary: interception is not null));

        AddLogging();
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

    public Func<string, Func<string>, string> Secrets => (key, generate) => _folder.Value.Secret(key, generate);

    public DistributedApplication Build()
    {
        _interception?.Building(this);
        var randomize = Configuration["PRINTCRAFT_RANDOM_PORTS"] == "1" || Configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        Services.AddSingleton(new AppHostOptions(_options.DisableDashboard, _interception is not null, randomize));
        Services.AddSingleton(_folder);
        Services.AddSingleton(TimeProvider.System);
        Services.AddSingleton(new DistributedApplicationModel(Resources));
        Services.AddSingleton(_ => new ResourceNotificationService());
        Services.AddSingleton(CreateResourceLogs);
        Services.AddSingleton(services => new ResourceCommandService((id, command, cancellationToken) =>
            services.GetRequiredService<Orchestrator>().ExecuteCommandAsync(id, command, cancellationToken)));
        Services.AddHealthChecks();
        Services.AddSingleton<Orchestrator>();
        Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
        if (_interception is not null)
        {
            Services.AddSingleton<IHostLifetime, NoSignals>();
        }

        var application = new DistributedApplication(_host.Build(), _interception is not null);
        _interception?.Built(application);
        return application;
    }

    private void AddLogging()
    {
        var logging = _host.Logging;
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        // Failed checks are in the snapshots; a failed start is what RunAsync throws.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // Once more, so that appsettings win over these.
        logging.AddConfiguration(Configuration.GetSection("Logging"));
    }

    private ResourceLoggerService CreateResourceLogs(IServiceProvider services)
    {
        var logs = new ResourceLoggerService(services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ResourceNotificationService>());
        if (_options.EnableResourceLogging)
        {
            var loggers = services.GetRequiredService<ILoggerFactory>();
            logs.Forward = (id, line) => loggers.CreateLogger($"{Environment.ApplicationName}.Resources.{id}").LogInformation("{Line}", line);
        }

        return logs;
    }

    internal static string? Metadata(Assembly? assembly, string key) => assembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => string.Equals(metadata.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    /// <summary>Ctrl+C belongs to the test runner.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
