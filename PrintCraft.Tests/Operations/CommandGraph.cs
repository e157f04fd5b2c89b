using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Operations;

/// <summary>A graph of its own for the commands of the dashboard, whose times are short.</summary>
public sealed class CommandGraph : IAsyncLifetime
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public PrintCraftApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await PrintCraftApp.StartAsync(
        builder => builder.Configure("api", api => api.WithEnvironment("Generations__QueueGrace", "00:00:03")),
        withDashboard: false,
        "--Commands:BrokerDown=00:00:01", "--Commands:WorkerDown=00:00:00.2", "--Commands:Throttle=00:01:30");

    public async Task DisposeAsync() => await App.DisposeAsync();

    public async Task<ExecuteCommandResult> RunAsync(string resource, string command)
    {
        using var patience = new CancellationTokenSource(Limit);
        return await App.App.ResourceCommands.ExecuteCommandAsync(resource, command, patience.Token);
    }

    /// <summary>What a command that did what it should tells, and the dashboard shows.</summary>
    public async Task<string> DoneAsync(string resource, string command)
    {
        var result = await RunAsync(resource, command);
        Assert.True(result.Success, $"{result.Message} {App.Story()}");
        Assert.Equal((result.Message, true), (result.Data?.Value, result.Data?.DisplayImmediately));
        return result.Message!;
    }

    /// <summary>Why a command could not do what it should.</summary>
    public async Task<string> FailedAsync(string resource, string command)
    {
        var result = await RunAsync(resource, command);
        Assert.False(result.Success, result.Message);
        return result.Message!;
    }

    public async Task StopAsync(string resource)
    {
        using var patience = new CancellationTokenSource(Limit);
        await App.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, patience.Token);
        await App.App.ResourceNotifications.WaitForResourceAsync(resource, HasEnded, patience.Token);
    }

    public async Task StartAsync(string resource)
    {
        using var patience = new CancellationTokenSource(Limit);
        await App.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, patience.Token);
        await App.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, patience.Token);
    }

    public static bool HasEnded(ResourceEvent change) => KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text);
}
