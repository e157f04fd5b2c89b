using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// RabbitMQ as its packaged script starts it, with a private epmd beside it: the Erlang port mapper would otherwise be a daemon on all
/// addresses that outlives the node. The account comes from a definitions file that is read at every start.
/// </summary>
internal sealed class RabbitMqServer(
    DataFolder folder, bool keepData, int port, string user, string password, int? managementPort,
    ProcessSupervisor supervisor, Action<string, bool> output, string name = "rabbitmq")
    : LocalServer(folder, keepData, port, supervisor, output, new("rabbitmq-server", "rabbitmq", () => LocalProgram.Find(Script)), name)
{
    private const string Script = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private readonly int _mapperPort = Ports.Free();
    private LocalProcess? _mapper;

    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        string[] management = managementPort is { } shown ? ["management.tcp.ip = 127.0.0.1", $"management.tcp.port = {shown}"] : [];
        string[] settings =
        [
            $"listeners.tcp.local = 127.0.0.1:{Port}", $"load_definitions = {Home}/definitions.json",
            "log.file = false", "log.console = true", "disk_free_limit.absolute = 50MB", .. management,
        ];
        await File.WriteAllLinesAsync($"{Home}/rabbitmq.conf", settings, cancellationToken);
        await File.WriteAllTextAsync($"{Home}/enabled_plugins", managementPort is null ? "[]." : "[rabbitmq_management].", cancellationToken);
        DataFolder.WritePrivate($"{Home}/definitions.json", Definitions());
        await OwnAsync(cancellationToken);
        if (_mapper is not { Exit.IsCompleted: false })
        {
            _mapper = Start(new LocalProgram("epmd", ["-port", $"{_mapperPort}", "-address", "127.0.0.1"], "/"));
            while (!Ports.HasListener(_mapperPort) && !_mapper.Exit.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }

        return new LocalProgram(Script, [], Home)
        {
            StopGrace = TimeSpan.FromSeconds(10),
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = Home,
                ["LANG"] = "C.UTF-8",
                // The script then becomes the server instead of waiting for it, so that signals reach the server.
                ["RUNNING_UNDER_SYSTEMD"] = "true",
                ["ERL_EPMD_PORT"] = $"{_mapperPort}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODENAME"] = "printcraft@localhost",
                ["RABBITMQ_DIST_PORT"] = $"{Ports.Free()}",
                // With management 3.10 idles 5 s in its shutdown, after its data is closed.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -shutdown_time 3000",
                ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                ["RABBITMQ_CONFIG_FILE"] = $"{Home}/rabbitmq.conf",
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = $"{Home}/none.config",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{Home}/enabled_plugins",
                ["RABBITMQ_MNESIA_BASE"] = $"{Home}/mnesia",
                ["RABBITMQ_LOG_BASE"] = $"{Home}/log",
                ["RABBITMQ_PID_FILE"] = $"{Home}/rabbitmq.pid",
            },
        };
    }

    private string Definitions()
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        var hash = Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
        return JsonSerializer.Serialize(new
        {
            users = new[] { new { name = user, password_hash = hash, hashing_algorithm = "rabbit_password_hashing_sha256", tags = "administrator" } },
            vhosts = new[] { new { name = "/" } },
            permissions = new[] { new { user, vhost = "/", configure = ".*", write = ".*", read = ".*" } },
        });
    }
}
