namespace Aspire.StackExchange.Redis;

/// <summary>
/// Turns the command profiles of 1.2.6 into spans, under the source name and attributes of the real instrumentation: collected
/// per calling activity, written once that has ended, every ten seconds and at the end. Commands outside a recorded activity
/// make none. The tracer provider disposes it before its exporter, so the last spans get out.
/// </summary>
internal sealed class RedisSpans : IProfiler, IDisposable
{
    internal const string SourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private static readonly ActivitySource Source = new(SourceName);
    private readonly ConcurrentDictionary<Activity, byte> _callers = new(ReferenceEqualityComparer.Instance);
    private readonly Timer _timer;
    private ConnectionMultiplexer? _connection;

    public RedisSpans() => _timer = new Timer(_ => Write(caller => caller.IsStopped), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));

    public void Watch(ConnectionMultiplexer connection)
    {
        _connection = connection;
        connection.RegisterProfiler(this);
    }

    public object? GetContext()
    {
        var caller = Activity.Current is { Recorded: true } current ? current : null;
        if (caller is not null && _callers.TryAdd(caller, 0))
        {
            _connection!.BeginProfiling(caller);
        }

        return caller;
    }

    public void Dispose()
    {
        _timer.Dispose();
        Write(_ => true);
    }

    private void Write(Func<Activity, bool> isDue)
    {
        foreach (var caller in _callers.Keys.Where(isDue).Where(caller => _callers.TryRemove(caller, out _)))
        {
            foreach (var command in _connection!.FinishProfiling(caller))
            {
                Write(caller, command);
            }
        }
    }

    private static void Write(Activity caller, IProfiledCommand command)
    {
        using var span = Source.StartActivity(command.Command, ActivityKind.Client, caller.Context, startTime: command.CommandCreated)?
            .SetEndTime(command.CommandCreated + command.ElapsedTime)
            .SetTag("db.system", "redis")
            .SetTag("db.redis.database_index", command.Db)
            .SetTag("db.statement", command.Command)
            .SetTag("server.address", (command.EndPoint as DnsEndPoint)?.Host ?? (command.EndPoint as IPEndPoint)?.Address.ToString())
            .SetTag("server.port", (command.EndPoint as DnsEndPoint)?.Port ?? (command.EndPoint as IPEndPoint)?.Port);
    }
}
