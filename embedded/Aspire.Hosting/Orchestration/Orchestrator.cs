using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Starts the application and ends it: first projects, then servers, then the dashboard, then what they stood on. A start that fails
/// half-way, such as on a taken port, leaves nothing behind.
/// </summary>
internal sealed class Orchestrator(
    bool disableDashboard, DistributedApplicationModel model, Lazy<DataFolder> folder, ResourceNotificationService notifications, ResourceLoggerService logs,
    ResourceCommandService commands, ResourceRunner runner, ProcessSupervisor supervisor, IOptions<HealthCheckServiceOptions> checks,
    IConfiguration configuration, IHostEnvironment environment, ILogger<Orchestrator> logger) : IHostedService, IAsyncDisposable
{
    private DashboardHost? _dashboard;
    private Task? _end;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new DistributedApplicationException("Embedded mode runs on Linux only: start Docker or Podman and build again.");
        }

        try
        {
            CheckHealthKeys();
            // First of all: that the same checkout runs already says more than which of its ports is taken.
            _ = folder.Value;
            AllocateEndpoints(configuration.GetValue<bool>("DcpPublisher:RandomizePorts"));
            runner.Instances.AddRange(model.Resources.SelectMany(resource => Enumerable.Range(0, resource.Description.Replicas).Select(_ => new ResourceInstance(resource))));
            // All of them before the first is started: what the machine lacks is then installed at once.
            runner.Instances.ForEach(instance => instance.Server = (instance.Resource as ContainerResource)?.CreateServer(
                folder.Value, supervisor, (line, isError) => runner.Write(instance, line, isError)));
            runner.Instances.ForEach(instance => ServerPackages.NeedOf(instance.Resource as ProjectResource));
            ServerPackages.Check();
            runner.Instances.ForEach(instance => runner.Publish(instance, snapshot => snapshot));
            if (!disableDashboard)
            {
                _dashboard = new DashboardHost(configuration, environment.ApplicationName, notifications, logs, commands, supervisor, folder.Value, logger);
                await _dashboard.StartAsync(cancellationToken);
            }

            runner.Instances.FindAll(instance => instance.HasProcess).ForEach(runner.Start);
        }
        catch
        {
            await StopAsync(CancellationToken.None);
            throw;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (runner)
        {
            return _end ??= EndAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    private void CheckHealthKeys()
    {
        var known = checks.Value.Registrations.Select(registration => registration.Name).ToHashSet();
        foreach (var (resource, key) in model.Resources.SelectMany(resource => resource.Description.HealthChecks.Select(key => (resource, key))))
        {
            if (!known.Contains(key))
            {
                throw new DistributedApplicationException($"The health check '{key}' is not registered and is required for resource '{resource.Name}'.");
            }
        }
    }

    /// <summary>Servers listen on their public port themselves; before everything else stands a proxy.</summary>
    private void AllocateEndpoints(bool randomize)
    {
        foreach (var (resource, endpoint) in model.Resources.SelectMany(resource => resource.Description.Endpoints.Select(endpoint => (resource, endpoint))))
        {
            var wanted = randomize ? 0 : endpoint.WantedPort ?? 0;
            endpoint.Port = resource is ContainerResource
                ? wanted > 0 ? wanted : Ports.Free()
                : (runner.Proxies[endpoint] = EndpointProxy.Listen(wanted, $"{resource.Name} {endpoint.Name}")).Port;
        }

        foreach (var key in randomize ? ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] : Array.Empty<string>())
        {
            configuration[key] = disableDashboard ? configuration[key] : "";
        }
    }

    private async Task EndAsync()
    {
        await runner.Stopping.CancelAsync();
        foreach (var proxy in runner.Proxies.Values)
        {
            proxy.Holds = false;
        }

        await Task.WhenAll(runner.Instances.Where(one => one.Resource is not ContainerResource).Select(runner.StopAsync));
        await Task.WhenAll(runner.Instances.Where(one => one.Resource is ContainerResource).Select(runner.StopAsync));
        await (_dashboard?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Task.WhenAll(runner.Proxies.Values.Select(async proxy => await proxy.DisposeAsync()));
        await supervisor.DisposeAsync();
        if (folder.IsValueCreated)
        {
            folder.Value.Dispose();
        }
    }
}
