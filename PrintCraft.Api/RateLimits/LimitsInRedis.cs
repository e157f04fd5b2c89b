using Microsoft.Extensions.Options;

using StackExchange.Redis;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// Redis, as far as the limits need it: a script is answered within the patience, or not at all. Once it was not, nobody asks again until a probe in
/// the background was answered; so a Redis that is down or slow costs the requests of one moment the patience, and no other request anything. The
/// connection is made in the background, because making it blocks while Redis is down.
/// </summary>
public sealed partial class LimitsInRedis(IServiceProvider services, IOptions<RateLimitOptions> options, TimeProvider time, ILogger<LimitsInRedis> logger) : BackgroundService
{
    private readonly Lock _lock = new();
    private volatile IDatabase? _database;
    private bool? _isUp;

    public bool IsUp => _database is not null;

    /// <summary>What the script answers; null when Redis cannot say.</summary>
    internal async Task<RedisResult?> TryEvaluateAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken)
    {
        if (_database is not { } database)
        {
            return null;
        }

        try
        {
            return await EvaluateAsync(database, script, keys, values).WaitAsync(options.Value.Patience, time, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Turn(null, exception.Message);
            return null;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (_database is null)
            {
                await ProbeAsync(stoppingToken);
            }

            await Task.Delay(options.Value.Recheck, time, stoppingToken);
        }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = (await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, cancellationToken).WaitAsync(cancellationToken)).GetDatabase();
            await database.PingAsync().WaitAsync(options.Value.Patience, time, cancellationToken);
            Turn(database, "");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The loop's edge.
            Turn(null, exception.GetBaseException().Message);
        }
    }

    /// <summary>A Redis that was started anew does not know the script that its client thinks it has; asked again the client sends it.</summary>
    private static async Task<RedisResult> EvaluateAsync(IDatabase database, string script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(script, keys, values);
        }
    }

    private void Turn(IDatabase? database, string reason)
    {
        lock (_lock)
        {
            _database = database;
            var isUp = database is not null;
            if (_isUp == isUp)
            {
                return;
            }

            if (!isUp)
            {
                CountsAlone(logger, reason);
            }
            else if (_isUp is false)
            {
                CountsTogether(logger);
            }

            _isUp = isUp;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; this process counts requests for itself: {Reason}")]
    private static partial void CountsAlone(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Redis answers; requests are counted over all processes again.")]
    private static partial void CountsTogether(ILogger logger);
}
