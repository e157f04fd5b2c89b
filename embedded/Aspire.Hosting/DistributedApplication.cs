namespace Aspire.Hosting;

/// <summary>The application: everything that the AppHost described, as processes of this machine.</summary>
public class DistributedApplication : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly bool _underTest;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DistributedApplication(IHost host, bool underTest) => (_host, _underTest) = (host, underTest);

    /// <summary>The AppHost's services.</summary>
    public IServiceProvider Services => _host.Services;
    /// <summary>What is known of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();
    /// <summary>Start, stop and restart.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>A builder for the AppHost of the entry assembly.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args }, TestRun.Current.Value);

    /// <summary>Starts everything; returns while resources may still be starting or waiting for each other.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    /// <summary>Starts, waits for Ctrl+C or SIGTERM, and stops. Under test it only waits until the test has disposed of the application.</summary>
    public virtual Task RunAsync(CancellationToken cancellationToken = default) =>
        _underTest ? _disposed.Task.WaitAsync(cancellationToken) : _host.RunAsync(cancellationToken);

    /// <summary>Stops what still runs and lets the AppHost's Run return.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        _disposed.TrySetResult();
        GC.SuppressFinalize(this);
    }
}
