using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Cli;

/// <summary>A user of the shared graph, and the folder where he types.</summary>
public abstract class CliFolder : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private protected PrintCraftApp App { get; private set; } = null!;

    private protected TestUser User { get; private set; } = null!;

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("printcraft-cli-").FullName;

    public async Task InitializeAsync()
    {
        App = await PrintCraftApp.GetAsync();
        User = App.NewUser();
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    private protected Task<CliRun> RunAsync(params string[] arguments) => CliProcess.RunAsync(App.Address, User.Credential, Folder, arguments);

    private protected CliProcess Start(params string[] arguments) => CliProcess.Start(App.Address, User.Credential, Folder, arguments);

    private protected string PathOf(string file) => Path.Combine(Folder, file);

    /// <summary>One small image for one credit.</summary>
    /// <param name="fault">What the simulator does to it.</param>
    private protected async Task<Guid> OrderAsync(string? fault = null) =>
        (await User.Api.CreateGenerationAsync(new NewGeneration($"a fox{(fault is null ? "" : $" [sim: {fault}]")}", Options: new("draft", 512, 512)), None)).Id;

    private protected async Task<Generation> EndedAsync(string fault = "slow=0") => await App.WaitUntilFinalAsync(User, await OrderAsync(fault));

    /// <summary>One that would run for an hour, cancelled.</summary>
    private protected async Task<Guid> CanceledAsync()
    {
        var id = await OrderAsync("stuck=processing");
        await User.Api.CancelGenerationAsync(id, None);
        await App.WaitUntilFinalAsync(User, id);
        return id;
    }

    /// <summary>A stream of all jobs shows what happens from when it is open, which nothing tells: so something happens until it is seen.</summary>
    private protected Task FirstEventAsync(CliProcess process) => Eventually.HoldsAsync(
        async () =>
        {
            await EndedAsync();
            return process.Output.Count > 0;
        },
        () => $"an event. {process.Story}",
        CliProcess.Limit);
}
