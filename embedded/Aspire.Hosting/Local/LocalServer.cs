namespace Aspire.Hosting.Embedded;

/// <summary>What a local server is made from.</summary>
internal sealed record ServerPlace(DataFolder Folder, bool KeepData, int Port, ProcessSupervisor Supervisor, Action<string, bool> Output);

/// <summary>
/// A database or broker of our own beside whatever the machine runs: own folder, own port, own password, loopback only. Data that is
/// not kept goes at the first start of a run, not at restarts within it.
/// </summary>
internal abstract class LocalServer
{
    private bool _prepared;
    private string? _version;

    protected LocalServer(ServerPlace place, string name, string package)
    {
        (Place, Name, Home) = (place, name, Path.Combine(place.Folder.Path, place.KeepData ? name : name + "-run"));
        ServerPackages.Needed[package] = () => FindProgram() is not null;
    }

    public int Port => Place.Port;

    /// <summary>The program and its version, for people.</summary>
    public string Source => $"{FindProgram() ?? Name} {_version}".TrimEnd();

    protected ServerPlace Place { get; }

    protected string Name { get; }

    protected string Home { get; }

    /// <summary>Its Debian account.</summary>
    protected abstract string Account { get; }

    protected abstract string ProcessName { get; }

    /// <summary>Whether a power cut may cost data.</summary>
    protected bool IsVolatile => Place.Folder.IsTemporary || !Place.KeepData;

    /// <summary>Everything that must be there before the server can be started; also what to start. Called again at each restart.</summary>
    public async Task<LocalProgram> PrepareAsync(CancellationToken cancellationToken)
    {
        await ServerPackages.EnsureAsync(Place.Supervisor, Place.Output, cancellationToken);
        await OutliveLeftoversAsync(cancellationToken);
        if (!_prepared && !Place.KeepData && Directory.Exists(Home))
        {
            Directory.Delete(Home, recursive: true);
        }

        _version = await FindVersionAsync(cancellationToken);
        var versionFile = Home + ".version";
        if (Directory.Exists(Home) && File.Exists(versionFile) && (await File.ReadAllTextAsync(versionFile, cancellationToken)).Trim() is var kept && kept != _version)
        {
            throw new DistributedApplicationException(
                $"{Home} holds data of {Name} {kept}, but {Name} {_version} is installed. Install {Name} {kept}, or delete that folder to start empty.");
        }

        await File.WriteAllTextAsync(versionFile, _version, cancellationToken);
        DataFolder.Create(Home);
        var program = await ConfigureAsync(cancellationToken);
        _prepared = true;
        return program with { User = Account };
    }

    protected abstract string? FindProgram();

    /// <summary>The version that a data folder is bound to.</summary>
    protected abstract Task<string> FindVersionAsync(CancellationToken cancellationToken);

    protected abstract Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken);

    /// <summary>Gives everything under the folder to the server's account, when there is a choice.</summary>
    protected async Task OwnAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(new LocalProgram("chown", ["-R", $"{Account}:{Account}", Home], "/"), cancellationToken);
        }
    }

    protected async Task RunAsync(LocalProgram program, CancellationToken cancellationToken)
    {
        if (await Place.Supervisor.RunAsync(program, Place.Output, cancellationToken) is not 0 and var code)
        {
            throw new DistributedApplicationException($"{Path.GetFileName(program.FileName)} failed with exit code {code}; the log of {Name} says why.");
        }
    }

    /// <summary>A host killed a moment ago may have left its server closing this very folder: servers have theirs as current folder.</summary>
    private async Task OutliveLeftoversAsync(CancellationToken cancellationToken)
    {
        for (var tries = 0; Leftover() is not 0 and var process; tries++)
        {
            if (tries == 100)
            {
                throw new DistributedApplicationException($"An earlier {Name} (pid {process}) still uses {Home}. Stop it first: kill {process}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }
    }

    private int Leftover() => Signals.Processes().FirstOrDefault(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/comm").Trim() == ProcessName
                && File.ResolveLinkTarget($"/proc/{process}/cwd", false)?.FullName.StartsWith(Home, StringComparison.Ordinal) == true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
