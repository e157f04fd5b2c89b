namespace Aspire.Hosting.Embedded;

/// <summary>
/// A database or broker of our own beside whatever the machine runs: own folder, own port, own password, loopback only. Data that is
/// not kept goes at the first start of a run, not at restarts within it.
/// </summary>
internal abstract class LocalServer(
    DataFolder folder, bool keepData, int port, ProcessSupervisor supervisor, Action<string, bool> output, ServerProgram program, string name)
{
    private readonly ServerProgram _program = ServerPackages.Need(program);
    private bool _prepared;

    public int Port => port;

    /// <summary>The program, for people.</summary>
    public string Source => _program.Find() ?? _program.Package;

    protected string Home { get; } = Path.Combine(folder.Path, keepData ? name : $"{name}-run");

    /// <summary>Whether a power cut may cost data.</summary>
    protected bool IsVolatile => folder.IsTemporary || !keepData;

    /// <summary>Makes ready all that the server stands on and says what to start. Called again at each restart.</summary>
    public async Task<LocalProgram> PrepareAsync(CancellationToken cancellationToken)
    {
        await ServerPackages.EnsureAsync(_program, supervisor, output, cancellationToken);
        await OutliveLeftoversAsync(cancellationToken);
        if (!_prepared && !keepData)
        {
            DataFolder.Delete(Home);
        }

        DataFolder.Create(Home);
        var start = await ConfigureAsync(cancellationToken);
        _prepared = true;
        return OwnAccount(start);
    }

    protected abstract Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken);

    protected LocalProcess Start(LocalProgram helper) => supervisor.Start(OwnAccount(helper), output);

    protected async Task RunAsync(LocalProgram helper, CancellationToken cancellationToken)
    {
        if (await supervisor.RunAsync(helper, output, cancellationToken) is not 0 and var code)
        {
            throw new DistributedApplicationException($"{Path.GetFileName(helper.FileName)} failed with exit code {code}; the log of {name} says why.");
        }
    }

    /// <summary>Gives everything under the folder to the server's account, when there is a choice.</summary>
    protected Task OwnAsync(CancellationToken cancellationToken) => Environment.IsPrivilegedProcess
        ? RunAsync(new LocalProgram("chown", ["-R", $"{_program.Account}:{_program.Account}", Home], "/"), cancellationToken)
        : Task.CompletedTask;

    protected LocalProgram OwnAccount(LocalProgram start) => start with { User = _program.Account, InheritEnvironment = false };

    /// <summary>A host killed a moment ago may have left its server closing this very folder: servers have theirs as current folder.</summary>
    private async Task OutliveLeftoversAsync(CancellationToken cancellationToken)
    {
        for (var tries = 0; Directory.GetDirectories("/proc").FirstOrDefault(IsInHome) is { } process; tries++)
        {
            if (tries == 100)
            {
                throw new DistributedApplicationException($"Process {Path.GetFileName(process)} still uses {Home}. Stop it first.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private bool IsInHome(string process) =>
        new FileInfo($"{process}/cwd").LinkTarget is { } current && $"{current}/".StartsWith($"{Home}/", StringComparison.Ordinal);
}
