namespace Microsoft.Extensions.Hosting;

/// <summary>RabbitMQ, as package Aspire.RabbitMQ.Client registers it.</summary>
public static class AspireRabbitMQExtensions
{
    private const string SectionName = "Aspire:RabbitMQ:Client";

    /// <summary>Adds the singletons <see cref="IConnectionFactory"/> and <see cref="IConnection"/>, health check and traces.
    /// Without a connection string their first use fails, where upstream takes a guest on localhost.</summary>
    public static void AddRabbitMQClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<RabbitMQClientSettings>? configureSettings = null,
        Action<ConnectionFactory>? configureConnectionFactory = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = builder.ReadSettings<RabbitMQClientSettings>(SectionName, connectionName);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        builder.Services.TryAddSingleton<RabbitMQLogForwarder>();
        builder.Services.AddSingleton<IConnectionFactory>(services =>
        {
            services.GetRequiredService<RabbitMQLogForwarder>();
            var factory = new ConnectionFactory();
            builder.Configuration.GetSection($"{SectionName}:ConnectionFactory").Bind(factory);
            builder.Configuration.GetSection($"{SectionName}:{connectionName}:ConnectionFactory").Bind(factory);
            factory.Uri = string.IsNullOrWhiteSpace(settings.ConnectionString)
                ? throw ClientRegistration.MissingConnectionString(connectionName, $"'{SectionName}'")
                : new Uri(settings.ConnectionString);
            configureConnectionFactory?.Invoke(factory);
            return factory;
        });

        // The container resolves synchronously, so the first user of the connection blocks, as upstream.
        builder.Services.AddSingleton(services => RabbitMQConnect
            .ConnectAsync(services.GetRequiredService<IConnectionFactory>(), settings.MaxConnectRetryCount).GetAwaiter().GetResult());

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(RabbitMQConnect.SourceName, "RabbitMQ.Client.*"));
        }

        if (!settings.DisableHealthChecks)
        {
            builder.TryAddHealthCheck("RabbitMQ.Client", OpenChannelAsync);
        }
    }

    private static async Task OpenChannelAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var connection = services.GetRequiredService<IConnection>();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
    }
}
