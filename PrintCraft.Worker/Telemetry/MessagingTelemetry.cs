using System.Diagnostics;
using System.Text;

using PrintCraft.Core.Messaging;

using RabbitMQ.Client;

namespace PrintCraft.Worker.Telemetry;

/// <summary>Spans of messages, named by OpenTelemetry's messaging conventions for RabbitMQ. They continue the trace of the request that caused the message.</summary>
internal static class MessagingTelemetry
{
    private static readonly ActivitySource Source = new("PrintCraft.Messaging");

    public static Activity? StartPublish(OutboxMessage message)
    {
        var activity = Start("publish", "send", ActivityKind.Producer, message.Exchange, message.RoutingKey, message.TraceParent);
        activity?.SetTag("messaging.message.id", message.Id.ToString());
        return activity;
    }

    public static Activity? StartProcess(string queue, string exchange, string routingKey, IReadOnlyBasicProperties properties)
    {
        var traceParent = properties.Headers?.TryGetValue("traceparent", out var value) == true && value is byte[] bytes ? Encoding.ASCII.GetString(bytes) : null;
        var activity = Start("process", "process", ActivityKind.Consumer, exchange, routingKey, traceParent);
        activity?.SetTag("messaging.message.id", properties.MessageId);
        activity?.SetTag("messaging.destination.subscription.name", queue);
        return activity;
    }

    private static Activity? Start(string operation, string type, ActivityKind kind, string exchange, string routingKey, string? traceParent)
    {
        // The relay and the consumer serve many requests: the parent is the message's, never what happens to be current.
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent);
        var activity = Source.StartActivity(kind, parent, name: $"{operation} {exchange}:{routingKey}");
        activity?.SetTag("messaging.system", "rabbitmq");
        activity?.SetTag("messaging.operation.name", operation);
        activity?.SetTag("messaging.operation.type", type);
        activity?.SetTag("messaging.destination.name", $"{exchange}:{routingKey}");
        activity?.SetTag("messaging.rabbitmq.destination.routing_key", routingKey);
        return activity;
    }
}
