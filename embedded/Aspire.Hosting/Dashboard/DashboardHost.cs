namespace Aspire.Hosting.Embedded;

/// <summary>
/// Runs Aspire's own dashboard beside the application. Its life is the host's: it starts after the resource service, is started again
/// when it ends by itself (13.5 does when the service goes away), and stops before that service. Nothing else waits for it.
/// </summary>
internal sealed class DashboardHost(
    IConfiguration configuration, string applicationName, ResourceNotificationService notifications, ResourceLoggerService loggers,
    ResourceCommandService commands, ProcessSupervisor supervisor, DataFolder folder, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ResourceService? _resourceService;
    private LocalProcess? _process;
    private Task _running = Task.CompletedTask;

    /// <summary>Settles the addresses (port 0 becomes a real one, in the configuration too) and starts; the dashboard follows when it is fetched.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!DashboardPackage.IsPossible)
        {
            // Without addresses nothing is exported to it and no link is shown.
            logger.LogWarning("Dashboard: Node.js and npm are missing (apt-get install nodejs npm); everything else runs.");
            Array.ForEach(["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"], key => configuration[key] = "");
            return;
        }

        var frontend = Settle("ASPNETCORE_URLS", "dashboard");
        var resources = Settle("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "dashboard resource service");
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = folder.Path,
            ["ASPNETCORE_URLS"] = Address(frontend),
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Address(Settle("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "dashboard otlp")),
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Address(resources),
            ["ASPIRE_DASHBOARD_API_ENABLED"] = "true",
            ["ASPIRE_CLI_PID"] = $"{Environment.ProcessId}",
            ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = Key("AppHost:ResourceService:ApiKey"),
            ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
            ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = Key("AppHost:BrowserToken"),
            ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = Key("AppHost:OtlpApiKey"),
            ["DASHBOARD__API__AUTHMODE"] = "ApiKey",
            ["DASHBOARD__API__PRIMARYAPIKEY"] = Key("AppHost:DashboardApiKey"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        var shownName = applicationName.EndsWith(".AppHost", StringComparison.Ordinal) ? applicationName[..^".AppHost".Length] : applicationName;
        _resourceService = new ResourceService(shownName, Key("AppHost:ResourceService:ApiKey"), notifications, loggers, commands);
        await _resourceService.StartAsync(resources.Port, cancellationToken);
        _running = RunAsync(environment, new Uri(frontend, $"/login?t={Key("AppHost:BrowserToken")}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await (_process?.StopAsync(CancellationToken.None) ?? Task.CompletedTask);
        await (_resourceService?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task RunAsync(Dictionary<string, string> environment, Uri login)
    {
        try
        {
            if (await DashboardPackage.EnsureAsync(supervisor, logger, _stopping.Token) is not { } path)
            {
                return;
            }

            logger.LogInformation("Login to the dashboard at {Url}", login);
            for (var starts = 1; ; starts++)
            {
                var program = new LocalProgram(path, ["dashboard"], folder.Path) { Environment = environment };
                _process = supervisor.Start(program, (line, _) => logger.LogDebug("dashboard: {Line}", line));
                var code = await _process.Exit.WaitAsync(_stopping.Token);
                logger.LogWarning("The dashboard ended with exit code {Code} and is started again.", code);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(starts, 30)), _stopping.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "The dashboard does not run; everything else does.");
        }
    }

    /// <summary>The plain http address among those configured; without one, or with port 0, a free port on localhost.</summary>
    private Uri Settle(string key, string owner)
    {
        var address = (configuration[key] ?? "").Split(';').FirstOrDefault(url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        if (address is not null && new Uri(address) is { Port: > 0 } wanted)
        {
            return Ports.HasListener(wanted.Port) ? throw Ports.Taken(wanted.Port, owner) : wanted;
        }

        var settled = new Uri($"http://localhost:{Ports.Free()}");
        configuration[key] = Address(settled);
        return settled;
    }

    /// <summary>A key of this run, which the builder has made.</summary>
    private string Key(string name) => configuration[name]!;

    private static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
