using System.Collections.Concurrent;
using System.Net.Http.Headers;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

using PrintCraft.Client;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Faults;

using Refit;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>
/// The whole graph, as the AppHost describes it. Most tests share one, started with the first of them; each test has users of its own.
/// A test that breaks things starts a graph of its own with <see cref="StartAsync"/>.
/// </summary>
public sealed class PrintCraftApp : IAsyncDisposable
{
    private static readonly Lazy<Task<PrintCraftApp>> Shared = new(() => StartAsync(
        withDashboard: DashboardFactAttribute.IsPossible, arguments: $"--Firebase:Emulator={FirebaseFactAttribute.IsPossible}"));
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    private readonly DistributedApplication _app;
    private readonly string _folder;
    private readonly string _developmentKey;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _logs = new();
    private readonly CancellationTokenSource _stopping = new();

    private PrintCraftApp(DistributedApplication app, string folder, string developmentKey)
    {
        (_app, _folder, _developmentKey) = (app, folder, developmentKey);
        Configuration = app.Services.GetRequiredService<IConfiguration>();
        foreach (var resource in new[] { "migrations", "api", "worker", "replicate", "postgres", "rabbitmq", "firebase" })
        {
            _ = KeepLogsAsync(resource);
        }
    }

    public DistributedApplication App => _app;

    public IConfiguration Configuration { get; }

    public string ImageFolder => Path.Combine(_folder, "images");

    public string MailFolder => Path.Combine(_folder, "mail");

    /// <summary>The graph that most tests share.</summary>
    public static Task<PrintCraftApp> GetAsync() => Shared.Value;

    public static async Task StopSharedAsync()
    {
        if (Shared.IsValueCreated && await Shared.Value.ContinueWith(start => start.IsCompletedSuccessfully, TaskScheduler.Default))
        {
            await (await Shared.Value).DisposeAsync();
        }
    }

    /// <summary>Starts a graph and waits until api, worker and simulator are healthy.</summary>
    /// <param name="change">Changes the model before it is built.</param>
    /// <param name="arguments">Further arguments of the AppHost.</param>
    public static async Task<PrintCraftApp> StartAsync(
        Action<IDistributedApplicationTestingBuilder>? change = null, bool withDashboard = false, params string[] arguments)
    {
        using var timeout = new CancellationTokenSource(StartTimeout);
        var folder = Directory.CreateTempSubdirectory("printcraft-tests-").FullName;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.PrintCraft_AppHost>(
            [$"--ImageFolder={Path.Combine(folder, "images")}", $"--MailFolder={Path.Combine(folder, "mail")}", .. arguments],
            (options, settings) =>
            {
                options.DisableDashboard = !withDashboard;
                settings.EnvironmentName = "Testing";
            },
            timeout.Token);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        builder.Configure("api", api => ScenarioSettings.Unlimited.ToList().ForEach(setting => api.WithEnvironment(setting.Key, setting.Value)));
        change?.Invoke(builder);

        var app = await builder.BuildAsync(timeout.Token);
        var key = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "development-key");
        var graph = new PrintCraftApp(app, folder, (await key.GetValueAsync(timeout.Token))!);
        try
        {
            await app.StartAsync(timeout.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("api", timeout.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("worker", timeout.Token);
            return graph;
        }
        catch (Exception exception)
        {
            var story = graph.Story();
            await graph.DisposeAsync();
            throw new InvalidOperationException($"The graph did not start.{Environment.NewLine}{story}", exception);
        }
    }

    /// <summary>A user nobody else has.</summary>
    public TestUser NewUser() => User($"test-{Guid.CreateVersion7():n}");

    public TestUser User(string name)
    {
        var credential = DevelopmentCredential.Mint(_developmentKey, name);
        var http = Http("api");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return new TestUser(DevelopmentCredential.UserId(name), credential, http, RestService.For<IPrintCraftApi>(http, PrintCraftClient.Settings));
    }

    /// <summary>The API's public address.</summary>
    public Uri Address => _app.GetEndpoint("api", "http");

    /// <summary>A client of a resource's public address, without retries.</summary>
    public HttpClient Http(string resource) => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _app.GetEndpoint(resource, "http"), Timeout = TimeSpan.FromSeconds(30) };

    public async Task<Database> DatabaseAsync() => new((await _app.GetConnectionStringAsync("printcraftdb"))!);

    /// <summary>Waits until the generation is final and fails with its last state and the logs if that takes too long.</summary>
    public async Task<Generation> WaitUntilFinalAsync(TestUser user, Guid id, TimeSpan? timeout = null)
    {
        Generation? last = null;
        await Eventually.HoldsAsync(
            async () => (last = await user.Api.GetGenerationAsync(id, CancellationToken.None)).IsFinal,
            () => $"the generation to be final; last state: {last}{Environment.NewLine}{Story()}",
            timeout ?? TimeSpan.FromSeconds(60));
        return last!;
    }

    /// <summary>How every resource is and its last lines, for a failing test's message: those that do not run well come first.</summary>
    public string Story() => string.Join(Environment.NewLine, _logs.Keys
        .Select(name => (Name: name, State: _app.ResourceNotifications.TryGetCurrentState(name, out var now) ? now.Snapshot : null))
        .OrderBy(one => one.State is { State.Text: "Running", HealthStatus: HealthStatus.Healthy }).ThenBy(one => one.Name)
        .Select(one => $"{one.Name} is {one.State?.State?.Text}, {one.State?.HealthStatus}, exit code {one.State?.ExitCode}")
        .Concat(_logs.OrderBy(log => log.Key).SelectMany(log => log.Value.TakeLast(20).Select(line => $"{log.Key}: {line}"))));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task KeepLogsAsync(string resource)
    {
        var log = _logs.GetOrAdd(resource, _ => new ConcurrentQueue<string>());
        try
        {
            await foreach (var batch in _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(_stopping.Token))
            {
                foreach (var line in batch)
                {
                    log.Enqueue(line.Content);
                    while (log.Count > 200)
                    {
                        log.TryDequeue(out _);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The graph was stopped.
        }
    }
}

/// <summary>Somebody with a credential and the welcome credits.</summary>
public sealed record TestUser(Guid Id, string Credential, HttpClient Http, IPrintCraftApi Api);
