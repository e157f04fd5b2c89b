using System.Globalization;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PrintCraft.Tests.Embedded;

/// <summary>An application of a few shell programs, to see how Aspire treats them. The same holds with the real packages.</summary>
internal sealed class SmallApp : IAsyncDisposable
{
    public const string Forever = "exec sleep 600";

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly DistributedApplication _app;

    private SmallApp(DistributedApplication app) => _app = app;

    public DistributedApplication App => _app;

    /// <summary>Ends when a test has waited long enough for anything.</summary>
    public CancellationToken Patience => _patience.Token;

    public static IDistributedApplicationTestingBuilder Describe(params string[] arguments)
    {
        var builder = DistributedApplicationTestingBuilder.Create(arguments);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        return builder;
    }

    public static async Task<SmallApp> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var app = new SmallApp(await builder.BuildAsync());
        try
        {
            await app.App.StartAsync(app.Patience);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async Task<CustomResourceSnapshot> WaitForAsync(string resource, string state) =>
        (await _app.ResourceNotifications.WaitForResourceAsync(resource, change => change.Snapshot.State?.Text == state, Patience)).Snapshot;

    public async Task<CustomResourceSnapshot> WaitForHealthyAsync(string resource) =>
        (await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, Patience)).Snapshot;

    public CustomResourceSnapshot Now(string resource) =>
        _app.ResourceNotifications.TryGetCurrentState(resource, out var change) ? change.Snapshot : throw new InvalidOperationException($"No {resource}.");

    public async Task<bool> ExecuteAsync(string resource, string command) =>
        (await _app.ResourceCommands.ExecuteCommandAsync(resource, command, Patience)).Success;

    /// <summary>What the resource writes, without timestamps, until the wanted line has come as often as wanted.</summary>
    public async Task<IReadOnlyList<LogLine>> LogsUntilAsync(string resource, Func<string, bool> isWanted, int times = 1)
    {
        var lines = new List<LogLine>();
        await foreach (var batch in _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(Patience))
        {
            lines.AddRange(batch.Select(line => line with { Content = line.Content.Split(' ', 2)[1] }));
            if (lines.Count(line => isWanted(line.Content)) >= times)
            {
                break;
            }
        }

        return lines;
    }

    public static int ProcessId(CustomResourceSnapshot snapshot) => Convert.ToInt32(
        snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture);

    public static Dictionary<string, string?> Variables(CustomResourceSnapshot snapshot) =>
        snapshot.EnvironmentVariables.ToDictionary(variable => variable.Name, variable => variable.Value);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _patience.Dispose();
    }
}

internal static class SmallAppResources
{
    public static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationTestingBuilder builder, string name, string script = SmallApp.Forever) =>
        builder.AddExecutable(name, "/bin/sh", Path.GetTempPath(), "-c", script);
}
