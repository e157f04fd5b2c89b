using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Starts the application and ends it: first projects, then servers, then the dashboard, then what they stood on. A start that fails
/// half-way, such as on a taken port, leaves nothing behind.
/// </summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model,
    AppHostOptions options,
    Lazy<DataFolder> folder,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService checks,
    IOptions<HealthCheckServiceOptions> registered,
    IConfiguration configuration,
    IHostEnvironment environment,
    IServiceProvider services,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggers.CreateLogger("Aspire.Hosting");
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ResourceInstance> _instances = [];
    private readonly Dictionary<EndpointAnnotation, EndpointProxy> _proxies = [];
    private ProcessSupervisor? _supervisor;
    private DashboardHost? _dashboard;
    private ResourceRunner? _runner;
    private ResourceCommands? _commands;
    private Task? _stopped;

    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string command, CancellationToken cancellationToken) =>
        _commands?.ExecuteAsync(resourceId, command, cancellationToken)
        ?? Task.FromResult(new ExecuteCommandResult { Success = false, Message = "The application has not started." });

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DistributedApplicationException("Embedded mode runs on Linux only: start Docker or Podman and build again.");
        }

        try
        {
            CheckHealthKeys();
            _supervisor = new ProcessSupervisor();
            AllocateEndpoints();
            CreateInstances(_supervisor);
            var health = new HealthMonitor(notifications, checks, services, time, _logger);
            var dependencies = new Dependencies(notifications, endedIsFinal: options.DisableDashboard || options.UnderTest);
            _runner = new ResourceRunner(
                _instances, _proxies, _supervisor, dependencies, health, notifications, logs, configuration, environment, time, _logger);
            _commands = new ResourceCommands(_instances, _runner, notifications, _stopping.Token);
            _instances.ForEach(instance => _runner.Publish(instance, snapshot => snapshot));
            await StartDashboardAsync(_supervisor, cancellationToken);
            foreach (var instance in _instances.Where(instance => instance.Resource is ExternalServiceResource or ParameterResource { ValueOrNull: not null }))
            {
                health.Started(instance.Resource, [instance.Id]);
            }

            await Task.WhenAll(_instances.Where(instance => instance.HasProcess).Select(instance => _runner.StartAsync(instance, _stopping.Token)));
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_stopping)
        {
            return _stopped ??= EndAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _stopping.Dispose();
    }

    private void CheckHealthKeys()
    {
        var known = registered.Value.Registrations.Select(registration => registration.Name).ToHashSet();
        foreach (var resource in model.Resources)
        {
            if (resource.All<HealthCheckAnnotation>().FirstOrDefault(check => !known.Contains(check.Key)) is { } missing)
            {
                throw new DistributedApplicationException(
                    $"The health check '{missing.Key}' is not registered and is required for resource '{resource.Name}'.");
            }
        }
    }

    private void AllocateEndpoints()
    {
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.All<EndpointAnnotation>())
            {
                var wanted = options.RandomizePorts ? null : endpoint.Port;
                if (resource is not ContainerResource)
                {
                    _proxies[endpoint] = EndpointProxy.Listen(wanted ?? 0, $"{resource.Name} {endpoint.Name}");
                }

                endpoint.AllocatedPort = _proxies.TryGetValue(endpoint, out var proxy) ? proxy.Port : wanted ?? Ports.Free();
            }
        }
    }

    private void CreateInstances(ProcessSupervisor supervisor)
    {
        foreach (var resource in model.Resources)
        {
            var replicas = resource.All<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
            _instances.AddRange(Enumerable.Range(0, replicas).Select(_ => new ResourceInstance(resource)));
        }

        // All of them before the first is started: what the machine lacks is then installed at once.
        foreach (var instance in _instances)
        {
            instance.Server = (instance.Resource as ContainerResource)?.CreateServer(
                folder.Value, supervisor, (line, isError) => logs.Write(instance.Id, line, isError));
        }
    }

    private async Task StartDashboardAsync(ProcessSupervisor supervisor, CancellationToken cancellationToken)
    {
        if (options.DisableDashboard)
        {
            return;
        }

        if (options.RandomizePorts)
        {
            configuration["ASPNETCORE_URLS"] = "";
            configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "";
            configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "";
        }

        var commands = new ResourceCommandService(ExecuteCommandAsync);
        _dashboard = new DashboardHost(
            configuration, environment.ApplicationName, notifications, logs, commands, supervisor, folder.Value, _logger);
        await _dashboard.StartAsync(cancellationToken);
    }

    private async Task EndAsync()
    {
        await _stopping.CancelAsync();
        if (_runner is { } runner)
        {
            await Task.WhenAll(_instances.Where(one => one.Resource is not ContainerResource).Select(runner.StopAsync));
            await Task.WhenAll(_instances.Where(one => one.Resource is ContainerResource).Select(runner.StopAsync));
        }

        if (_dashboard is not null)
        {
            await _dashboard.DisposeAsync();
        }

        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }

        if (_supervisor is not null)
        {
            await _supervisor.DisposeAsync();
        }

        if (folder.IsValueCreated)
        {
            folder.Value.Dispose();
        }
    }
}
