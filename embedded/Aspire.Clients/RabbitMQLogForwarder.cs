namespace Aspire.RabbitMQ.Client;

/// <summary>Writes what the RabbitMQ library says on its event sources to the log, under the category RabbitMQ.Client.</summary>
internal sealed class RabbitMQLogForwarder(ILoggerFactory loggers) : EventListener
{
    private readonly ILogger _logger = loggers.CreateLogger("RabbitMQ.Client");

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "rabbitmq-dotnet-client" or "rabbitmq-client")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var level = eventData.Level switch
        {
            EventLevel.Critical => LogLevel.Critical,
            EventLevel.Error => LogLevel.Error,
            EventLevel.Warning => LogLevel.Warning,
            EventLevel.Verbose => LogLevel.Debug,
            _ => LogLevel.Information,
        };

        // Info, Warn and Error say a message; an error adds its cause. Counters and the listener's own reports say neither.
        if (eventData.Payload?.FirstOrDefault() is string message)
        {
            var cause = eventData.Payload.ElementAtOrDefault(1) is IDictionary<string, object?> exception ? $": {exception["Type"]}: {exception["Message"]}" : "";
            _logger.Log(level, eventData.EventId, "{Message}{Cause}", message, cause);
        }
    }
}
