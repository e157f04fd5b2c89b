namespace Aspire.Hosting.Embedded;

/// <summary>PostgreSQL from Debian's binaries. SIGINT is its fast shutdown; SIGTERM would wait for every client to leave.</summary>
internal sealed class PostgresServer(
    DataFolder folder, bool keepData, int port, string user, string password, ProcessSupervisor supervisor, Action<string, bool> output, string name = "postgres")
    : LocalServer(folder, keepData, port, supervisor, output, new("postgresql", "postgres", Find), name)
{
    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        var binaries = Path.GetDirectoryName(Find())!;
        var data = Path.Combine(Home, "data");
        if (!Directory.Exists(data))
        {
            await InitializeAsync(binaries, data, cancellationToken);
        }

        var made = (await File.ReadAllTextAsync(Path.Combine(data, "PG_VERSION"), cancellationToken)).Trim();
        var installed = Path.GetFileName(Path.GetDirectoryName(binaries));
        if (made != installed)
        {
            throw new DistributedApplicationException($"{data} holds data of PostgreSQL {made}, but PostgreSQL {installed} is installed. "
                + $"Install postgresql-{made} instead, or delete that folder to start empty.");
        }

        string[] fast = IsVolatile ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] : [];
        string[] settings = [$"port={Port}", "listen_addresses=localhost", "unix_socket_directories=", "max_connections=200", .. fast];
        return new LocalProgram($"{binaries}/postgres", ["-D", data, .. settings.Select(setting => $"--{setting}")], Home)
        {
            StopSignal = LocalProcess.Interrupt,
        };
    }

    private async Task InitializeAsync(string binaries, string data, CancellationToken cancellationToken)
    {
        // Under another name until it is whole.
        var unfinished = Path.Combine(Home, "unfinished");
        DataFolder.Delete(unfinished);
        var passwordFile = Path.Combine(Home, "password");
        DataFolder.WritePrivate(passwordFile, password);
        await OwnAsync(cancellationToken);
        string[] arguments = ["-D", unfinished, "-U", user, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8"];
        await RunAsync(OwnAccount(new LocalProgram($"{binaries}/initdb", arguments, Home)), cancellationToken);
        File.Delete(passwordFile);
        Directory.Move(unfinished, data);
    }

    /// <summary>The newest of Debian's side-by-side versions.</summary>
    private static string? Find() => (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
        .Select(folder => $"{folder}/bin/postgres").FirstOrDefault(File.Exists);
}
