namespace Aspire.Hosting.Embedded;

/// <summary>Redis with one password; kept data is saved every minute and at the end.</summary>
internal sealed class RedisServer(
    DataFolder folder, bool keepData, int port, string password, ProcessSupervisor supervisor, Action<string, bool> output, string name = "redis")
    : LocalServer(folder, keepData, port, supervisor, output, new("redis-server", "redis", () => LocalProgram.Find("redis-server")), name)
{
    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        var settings = Path.Combine(Home, "redis.conf");
        DataFolder.WritePrivate(settings, $"""
            bind 127.0.0.1 -::1
            port {Port}
            dir "{Home}"
            requirepass "{password.Replace("\\", "\\\\").Replace("\"", "\\\"")}"
            save {(IsVolatile ? "\"\"" : "60 1")}
            """);
        await OwnAsync(cancellationToken);
        return new LocalProgram("redis-server", [settings], Home);
    }
}
