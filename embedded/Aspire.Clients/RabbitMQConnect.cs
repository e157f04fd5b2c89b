namespace Aspire;

/// <summary>Opens the connection, with a span around all attempts and one around each.</summary>
internal static class RabbitMQConnect
{
    internal const string SourceName = "Aspire.RabbitMQ.Client";

    private static readonly ActivitySource Source = new(SourceName);

    public static async Task<IConnection> ConnectAsync(IConnectionFactory factory, int retries)
    {
        using var all = Start("rabbitmq connect", factory);
        return await Retry(retries).ExecuteAsync(
            static async (factory, cancellationToken) =>
            {
                using var attempt = Start("rabbitmq connect attempt", factory)?.SetTag("messaging.operation", "connect");
                try
                {
                    return await factory.CreateConnectionAsync(cancellationToken);
                }
                catch (Exception exception)
                {
                    attempt?.SetStatus(ActivityStatusCode.Error).AddException(exception);
                    throw;
                }
            },
            factory);
    }

    private static Activity? Start(string name, IConnectionFactory factory) => Source.StartActivity(name, ActivityKind.Client)?
        .SetTag("server.address", factory.Uri.Host)
        .SetTag("server.port", factory.Uri.Port)
        .SetTag("messaging.system", "rabbitmq");

    private static ResiliencePipeline Retry(int retries) => retries <= 0 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<SocketException>().Handle<BrokerUnreachableException>(),
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromSeconds(1),
            MaxRetryAttempts = retries,
        })
        .Build();
}
