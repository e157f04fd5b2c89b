namespace Aspire.Hosting.Embedded;

/// <summary>PostgreSQL from Debian's binaries. SIGINT is its fast shutdown; SIGTERM would wait for every client to leave.</summary>
internal sealed class PostgresServer(
    DataFolder folder, bool keepData, int port, string user, string password, ProcessSupervisor supervisor, Action<string, bool> output, string name = "postgres")
    : LocalServer(new(folder, keepData, port, supervisor, output), name, "postgresql")
{
    protected override string Account => "postgres";

    protected override string ProcessName => "postgres";

    protected override string? FindProgram() => Installation() is { } installation ? $"{installation}/bin/postgres" : null;

    protected override Task<string> FindVersionAsync(CancellationToken cancellationToken) => Task.FromResult(Path.GetFileName(Installation()!));

    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        var data = Path.Combine(Home, "data");
        if (!Directory.Exists(data))
        {
            // A half-made cluster must never be taken for a whole one.
            var unfinished = Path.Combine(Home, "unfinished");
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            var passwordFile = Path.Combine(Home, "password");
            DataFolder.WritePrivate(passwordFile, password);
            await OwnAsync(cancellationToken);
            string[] arguments = ["-D", unfinished, "-U", user, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8"];
            await RunAsync(new LocalProgram($"{Installation()}/bin/initdb", IsVolatile ? [.. arguments, "--no-sync"] : arguments, Home)
            {
                User = Account,
                InheritEnvironment = false,
            }, cancellationToken);
            File.Delete(passwordFile);
            Directory.Move(unfinished, data);
        }

        string[] settings = ["listen_addresses=localhost", "unix_socket_directories=", "max_connections=200"];
        string[] fast = IsVolatile ? ["fsync=off", "synchronous_commit=off", "full_page_writes=off"] : [];
        return new LocalProgram(FindProgram()!, ["-D", data, "-p", $"{Port}", .. settings.Concat(fast).SelectMany(setting => new[] { "-c", setting })], Home)
        {
            InheritEnvironment = false,
            StopSignal = Signals.Interrupt,
        };
    }

    /// <summary>The newest of Debian's side-by-side versions.</summary>
    private static string? Installation() => !Directory.Exists("/usr/lib/postgresql") ? null : Directory.GetDirectories("/usr/lib/postgresql")
        .Where(folder => File.Exists($"{folder}/bin/postgres")).MaxBy(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0);
}
