namespace Aspire.Hosting.Embedded;

/// <summary>
/// RabbitMQ as its packaged script starts it, with a private epmd beside it: the Erlang port mapper would otherwise be a daemon on all
/// addresses that outlives the node. Its account is made with its data.
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
        static string Binary(string text) => $"<<\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"/utf8>>";
        DataFolder.WritePrivate($"{Home}/advanced.config", $$"""
            [{rabbit, [{tcp_listeners, [{"127.0.0.1", {{Port}}}]}, {default_user, {{Binary(user)}}}, {default_pass, {{Binary(password)}}},
              {disk_free_limit, 50000000}, {log, [{file, [{file, false}]}, {console, [{enabled, true}]}]}]},
             {rabbitmq_management, [{tcp_config, [{ip, "127.0.0.1"}, {port, {{managementPort ?? 0}}}]}]}].
            """);
        await File.WriteAllTextAsync($"{Home}/enabled_plugins", managementPort is null ? "[]." : "[rabbitmq_management].", cancellationToken);
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
                ["RABBITMQ_CONFIG_FILE"] = $"{Home}/none.conf",
                ["RABBITMQ_ADVANCED_CONFIG_FILE"] = $"{Home}/advanced.config",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{Home}/enabled_plugins",
                ["RABBITMQ_MNESIA_BASE"] = $"{Home}/mnesia",
                ["RABBITMQ_LOG_BASE"] = $"{Home}/log",
                ["RABBITMQ_PID_FILE"] = $"{Home}/rabbitmq.pid",
            },
        };
    }
}
