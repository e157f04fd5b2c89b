using System.Net;
using System.Net.Sockets;

using PrintCraft.Tests.Embedded;

namespace PrintCraft.Tests.Operations;

/// <summary>What stands in the way of a start is said in one line that tells what to do; nothing is left running and nothing is lost.</summary>
public sealed class RefusedStartTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The shared graph installs the servers that are missing on a bare machine; the runs of these tests may not.</summary>
    public Task InitializeAsync() => Infrastructure.PrintCraftApp.GetAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [EmbeddedFact]
    public async Task A_taken_port_is_named_with_the_switch_that_helps()
    {
        using var folder = new RunFolder();
        using var somebody = HoldPort(5310);

        await RefusedAsync(
            folder,
            "Port 5310 (api http) is taken. Stop what listens there, or set PRINTCRAFT_RANDOM_PORTS=1.",
            ("PRINTCRAFT_RANDOM_PORTS", null));
    }

    [EmbeddedFact]
    public async Task A_switch_that_means_nothing_is_named()
    {
        using var folder = new RunFolder();

        await RefusedAsync(folder, "PRINTCRAFT_RANDOM_PORTS must be 1 or 0.", ("PRINTCRAFT_RANDOM_PORTS", "yes"));
    }

    [EmbeddedFact]
    public async Task A_data_folder_that_cannot_be_written_is_named()
    {
        using var folder = new RunFolder();

        // Nobody may make a folder there, root included.
        await RefusedAsync(
            folder,
            $@"^PrintCraft cannot write to /sys/printcraft/\w{{10}}: .* Make that folder writable for {Environment.UserName}\.$",
            ("PRINTCRAFT_DATA", "/sys/printcraft"));
    }

    [EmbeddedFact]
    public async Task A_missing_server_program_is_named_with_the_command_that_installs_it()
    {
        using var folder = new RunFolder();
        using var path = new PathWithout("redis-server");

        await RefusedAsync(
            folder, @"^redis-server is missing\. Install it: (sudo )?apt-get install -y --no-install-recommends redis-server$", ("PATH", path.Folder));
    }

    [EmbeddedFact]
    public async Task Data_of_another_PostgreSQL_is_left_alone_and_named()
    {
        using var folder = new RunFolder();
        await using (var maker = AppHostProcess.Start(folder))
        {
            await Infrastructure.Eventually.HoldsAsync(() => Task.FromResult(folder.Find("postgres/data/PG_VERSION") is not null), () => $"a database. {maker.Story}", Limit);
            // In the middle of its start.
            maker.Send(ProgramProcess.Interrupt);
            Assert.True((await maker.EndAsync(Limit)).Code == 0, maker.Story);
        }

        var version = folder.Find("postgres/data/PG_VERSION")!;
        var installed = (await File.ReadAllTextAsync(version)).Trim();
        await File.WriteAllTextAsync(version, "9\n");
        var files = Files(version);

        await using var run = AppHostProcess.Start(folder);
        await run.WaitForAsync("postgres failed to start");
        run.Send(ProgramProcess.Interrupt);
        await run.EndAsync(Limit);

        // Of Postgres only: what the Ctrl+C meets before it has a session of its own fails as well.
        var lines = run.Output.Concat(run.Errors).Where(line => line.Contains("postgres failed to start", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count == 1, run.Story);
        Assert.EndsWith(
            $"postgres failed to start: {Path.GetDirectoryName(version)} holds data of PostgreSQL 9, but PostgreSQL {installed} is installed. "
            + "Install postgresql-9 instead, or delete that folder to start empty.",
            lines[0],
            StringComparison.Ordinal);
        Assert.Equal(files, Files(version));
        Assert.Empty(folder.Processes());
    }

    private static List<(string, long, DateTime)> Files(string version) => [.. new DirectoryInfo(Path.GetDirectoryName(version)!)
        .EnumerateFiles("*", SearchOption.AllDirectories).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).Order()];

    private static async Task RefusedAsync(RunFolder folder, string line, params (string Name, string? Value)[] changes)
    {
        await using var run = AppHostProcess.Start(folder, changes);

        var (code, _) = await run.EndAsync(Limit);

        Assert.True(code == 1, $"Exit code {code}. {run.Story}");
        var error = Assert.Single(run.Errors);
        if (line.StartsWith('^'))
        {
            Assert.Matches(line, error);
        }
        else
        {
            Assert.Equal(line, error);
        }

        // The mode, and nothing else.
        Assert.True(run.Output.Count <= 1, run.Story);
        Assert.Empty(folder.Processes());
    }

    /// <summary>Null when somebody holds it already, which is as good.</summary>
    private static TcpListener? HoldPort(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            return null;
        }
    }
}
