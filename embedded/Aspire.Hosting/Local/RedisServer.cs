using System.Text.RegularExpressions;

namespace Aspire.Hosting.Embedded;

/// <summary>Redis with one password; kept data is saved every minute and at the end.</summary>
internal sealed partial class RedisServer(
    DataFolder folder, bool keepData, int port, string password, ProcessSupervisor supervisor, Action<string, bool> output, string name = "redis")
    : LocalServer(new(folder, keepData, port, supervisor, output), name, "redis-server")
{
    protected override string Account => "redis";

    protected override string ProcessName => "redis-server";

    protected override string? FindProgram() => LocalProgram.Find("redis-server");

    protected override async Task<string> FindVersionAsync(CancellationToken cancellationToken)
    {
        var version = "";
        await Place.Supervisor.RunAsync(new LocalProgram("redis-server", ["--version"], "/"), (line, _) => version += line, cancellationToken);
        return VersionPattern().Match(version).Groups[1].Value;
    }

    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        var quoted = password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        DataFolder.WritePrivate(Path.Combine(Home, "redis.conf"), $"""
            bind 127.0.0.1 -::1
            port {Port}
            dir {Home}
            requirepass "{quoted}"
            save {(Place.KeepData ? "60 1" : "\"\"")}
            daemonize no
            """);
        await OwnAsync(cancellationToken);
        return new LocalProgram("redis-server", [Path.Combine(Home, "redis.conf")], Home) { InheritEnvironment = false };
    }

    [GeneratedRegex(@"v=(\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
