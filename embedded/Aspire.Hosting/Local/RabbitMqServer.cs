using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// RabbitMQ as its packaged script starts it, with a private epmd beside it: the Erlang port mapper would otherwise be a daemon on all
/// addresses that outlives the node. Accounts come from a definitions file that is read at every start.
/// </summary>
internal sealed class RabbitMqServer(
    DataFolder folder, bool keepData, int port, string user, string password, int? managementPort,
    ProcessSupervisor supervisor, Action<string, bool> output, string name = "rabbitmq")
    : LocalServer(new(folder, keepData, port, supervisor, output), name, "rabbitmq-server")
{
    internal const string Installation = "/usr/lib/rabbitmq";
    private readonly int _mapperPort = Ports.Free();
    private LocalProcess? _mapper;

    protected override string Account => "rabbitmq";

    protected override string ProcessName => "beam.smp";

    protected override string? FindProgram() => LocalProgram.Find($"{Installation}/bin/rabbitmq-server");

    protected override Task<string> FindVersionAsync(CancellationToken cancellationToken) => Task.FromResult(
        string.Join('.', Directory.GetDirectories($"{Installation}/lib", "rabbitmq_server-*").Max()!.Split('-')[^1].Split('.')[..2]));

    protected override async Task<LocalProgram> ConfigureAsync(CancellationToken cancellationToken)
    {
        string[] addresses = Ports.HasIPv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"];
        var settings = addresses.Select((address, index) => $"listeners.tcp.{index} = {address}:{Port}").Append($"load_definitions = {Home}/definitions.json")
            .Concat(["log.file = false", "log.console = true", "disk_free_limit.absolute = 50MB"])
            .Concat(managementPort is { } shown ? ["management.tcp.ip = 127.0.0.1", $"management.tcp.port = {shown}"] : []);
        await File.WriteAllLinesAsync(Path.Combine(Home, "rabbitmq.conf"), settings, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Home, "enabled_plugins"), managementPort is null ? "[]." : "[rabbitmq_management].", cancellationToken);
        DataFolder.WritePrivate(Path.Combine(Home, "definitions.json"), Definitions());
        await OwnAsync(cancellationToken);
        await StartMapperAsync(cancellationToken);
        return new LocalProgram(FindProgram()!, [], Home)
        {
            InheritEnvironment = false,
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
                // 3.10 with management idles 5 s in its shutdown, after its data is closed.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}" + (managementPort is null ? "" : " -shutdown_time 3000"),
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

    private async Task StartMapperAsync(CancellationToken cancellationToken)
    {
        if (_mapper is { Exit.IsCompleted: false })
        {
            return;
        }

        _mapper = Place.Supervisor.Start(new LocalProgram("epmd", ["-port", $"{_mapperPort}", "-address", "127.0.0.1"], Home) { User = Account }, Place.Output);
        while (!_mapper.Exit.IsCompleted)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, _mapperPort, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
        }
    }
}
