using System.Text.Json;
using System.Threading.Channels;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Faults;
using PrintCraft.Core.Messaging;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Telemetry;

using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Takes <see cref="StartGeneration"/> from the queue. Deliveries are acknowledged as soon as the claims and the intents are committed, as many together
/// as have come: from then on Postgres owns the jobs, and no delivery is held while Replicate works. A job that somebody else has, or that is final,
/// is acknowledged too: duplicates are certain. What cannot be read is rejected to the dead-letter queue.
/// </summary>
internal sealed partial class GenerationConsumer(
    RabbitMqChannels channels,
    GenerationRuns runs,
    IOptions<MessagingOptions> messaging,
    ILogger<GenerationConsumer> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: the broker is down or closed the channel. The sweeper takes the jobs meanwhile.
                Paused(logger, exception.GetBaseException().Message);
                await Task.Delay(messaging.Value.RetryPause, stoppingToken);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await runs.DrainAsync(cancellationToken);
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        await using var channel = await channels.OpenAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false), stoppingToken);
        await channel.BasicQosAsync(0, messaging.Value.Prefetch, global: false, stoppingToken);
        // Bounded by the prefetch. Completed when the channel is gone, or when the broker cancelled the consumer (its queue was deleted, say).
        var deliveries = Channel.CreateUnbounded<Delivery>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        channel.ChannelShutdownAsync += (_, _) => Completed(deliveries);
        consumer.UnregisteredAsync += (_, _) => Completed(deliveries);
        consumer.ReceivedAsync += (_, delivery) => deliveries.Writer.WriteAsync(Read(delivery), stoppingToken).AsTask();
        await channel.BasicConsumeAsync(Topology.GenerationQueue, autoAck: false, consumer, stoppingToken);
        while (await deliveries.Reader.WaitToReadAsync(stoppingToken))
        {
            await TakeAsync(channel, deliveries.Reader, stoppingToken);
        }
    }

    /// <summary>Takes what has come, up to the number of free slots, and acknowledges it.</summary>
    private async Task TakeAsync(IChannel channel, ChannelReader<Delivery> deliveries, CancellationToken stoppingToken)
    {
        var slots = await runs.TakeSlotsAsync(deliveries.Count, stoppingToken);
        var batch = new List<Delivery>(slots);
        while (batch.Count < slots && deliveries.TryRead(out var delivery))
        {
            if (delivery.Message is null)
            {
                await channel.BasicRejectAsync(delivery.Tag, requeue: false, stoppingToken);
            }
            else
            {
                batch.Add(delivery);
            }
        }

        runs.ReturnSlots(slots - batch.Count);
        if (batch.Count == 0)
        {
            return;
        }

        Failpoint.Reach("W1");
        var ids = batch.Select(delivery => delivery.Message!.GenerationId).Where(id => !runs.WasTakenEarly(id)).Distinct().ToArray();
        runs.ReturnSlots(batch.Count - ids.Length);
        while (ids.Length > 0 && await runs.TryClaimAsync(ids, skipLocked: false, stoppingToken) is null)
        {
            // The database is away. Kept in hand, not put back: a redelivery would count towards the delivery limit.
            await Task.Delay(messaging.Value.RetryPause, stoppingToken);
        }

        Failpoint.Reach("W3");
        // All of them and whatever came before: that was acknowledged or rejected already.
        await channel.BasicAckAsync(batch[^1].Tag, multiple: true, stoppingToken);
    }

    private Delivery Read(BasicDeliverEventArgs delivery)
    {
        using var activity = MessagingTelemetry.StartProcess(Topology.GenerationQueue, delivery.Exchange, delivery.RoutingKey, delivery.BasicProperties);
        try
        {
            var message = JsonSerializer.Deserialize<StartGeneration>(delivery.Body.Span, JsonSerializerOptions.Web);
            return new Delivery(delivery.DeliveryTag, message?.GenerationId == Guid.Empty ? null : message);
        }
        catch (JsonException exception)
        {
            Unreadable(logger, exception.Message);
            return new Delivery(delivery.DeliveryTag, null);
        }
    }

    private static Task Completed(Channel<Delivery> deliveries)
    {
        deliveries.Writer.TryComplete();
        return Task.CompletedTask;
    }

    /// <param name="Message">Null when it cannot be read.</param>
    private readonly record struct Delivery(ulong Tag, StartGeneration? Message);

    [LoggerMessage(LogLevel.Warning, "The queue is not consumed for now: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "A message cannot be read and goes to the dead-letter queue: {Reason}")]
    private static partial void Unreadable(ILogger logger, string reason);
}
