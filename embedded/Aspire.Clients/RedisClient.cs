namespace Microsoft.Extensions.Hosting;

/// <summary>Redis, as package Aspire.StackExchange.Redis registers it, on StackExchange.Redis 1.2.6.</summary>
public static class AspireRedisExtensions
{
    private const string SectionName = "Aspire:StackExchange:Redis";

    /// <summary>Adds the singleton <see cref="IConnectionMultiplexer"/>, health check and traces. Its options are not in the container.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = builder.ReadSettings<StackExchangeRedisSettings>(SectionName, connectionName);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = Parse(settings.ConnectionString ?? "");
            builder.Configuration.GetSection($"{SectionName}:ConfigurationOptions").Bind(options);
            builder.Configuration.GetSection($"{SectionName}:{connectionName}:ConfigurationOptions").Bind(options);
            configureOptions?.Invoke(options);
            return options.EndPoints.Count > 0 ? Connect(options, services) : throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{connectionName}' " +
                $"or for the '{SectionName}:ConnectionString' configuration key.");
        });

        if (!settings.DisableTracing)
        {
            builder.Services.TryAddSingleton<RedisSpans>();
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
                .AddSource(RedisSpans.SourceName)
                .AddInstrumentation(services => services.GetRequiredService<RedisSpans>()));
        }

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck("StackExchange.Redis", PingAsync);
        }
    }

    private static ConfigurationOptions Parse(string connectionString)
    {
        // A Redis that is not there yet is waited for, unless the string says otherwise.
        var options = connectionString is "" ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);
        var saysSo = connectionString.Split(',').Any(part => part.TrimStart().StartsWith("abortConnect", StringComparison.OrdinalIgnoreCase));
        options.AbortOnConnectFail = saysSo && options.AbortOnConnectFail;
        return options;
    }

    private static ConnectionMultiplexer Connect(ConfigurationOptions options, IServiceProvider services)
    {
        // 1.2.6 takes no logger; its events say the same.
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("StackExchange.Redis");
        var connection = ConnectionMultiplexer.Connect(options);
        connection.ConnectionFailed += (_, e) => logger.LogWarning(e.Exception, "{Connection} to {EndPoint} failed: {Failure}", e.ConnectionType, e.EndPoint, e.FailureType);
        connection.ConnectionRestored += (_, e) => logger.LogInformation("{Connection} to {EndPoint} restored", e.ConnectionType, e.EndPoint);
        connection.ErrorMessage += (_, e) => logger.LogWarning("{EndPoint} answered an error: {Message}", e.EndPoint, e.Message);
        services.GetService<RedisSpans>()?.Watch(connection);
        return connection;
    }

    private static async Task PingAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var connection = services.GetRequiredService<IConnectionMultiplexer>();
        foreach (var endPoint in connection.GetEndPoints(configuredOnly: true))
        {
            await connection.GetServer(endPoint).PingAsync().WaitAsync(cancellationToken);
        }
    }
}
