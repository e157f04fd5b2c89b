using System.Text.Json;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Messaging;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Telemetry;

using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Takes <see cref="StartGeneration"/> from the queue. A delivery is acknowledged as soon as the claim and the intents are committed:
/// from then on Postgres owns the job, and no delivery is held while Replicate works. A job that somebody else has, or that is final,
/// is acknowledged too: duplicates are certain. What cannot be read is rejected to the dead-letter queue.
/// </summary>
internal sealed partial class GenerationConsumer(
    RabbitMqChannels channels,
    GenerationRuns runs,
    IServiceScopeFactory scopes,
    IOptions<WorkOptions> work,
    IOptions<MessagingOptions> messaging,
    ILogger<GenerationConsumer> logger) : BackgroundService
{
    private const ushort Dispatchers = 4;
    private const ushort Prefetch = 16;

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
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: Dispatchers), stoppingToken);
        await channel.BasicQosAsync(0, Prefetch, global: false, stoppingToken);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        var consumer = new AsyncEventingBasicConsumer(channel);
        // The broker cancelled the consumer (its queue was deleted, say) and left the channel open: start again.
        consumer.UnregisteredAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        consumer.ReceivedAsync += (_, delivery) => HandleAsync(channel, delivery, stoppingToken);
        await channel.BasicConsumeAsync(Topology.GenerationQueue, autoAck: false, consumer, stoppingToken);
        await closed.Task.WaitAsync(stoppingToken);
    }

    private async Task HandleAsync(IChannel channel, BasicDeliverEventArgs delivery, CancellationToken stoppingToken)
    {
        using var activity = MessagingTelemetry.StartProcess(Topology.GenerationQueue, delivery.Exchange, delivery.RoutingKey, delivery.BasicProperties);
        if (Read(delivery) is not { } message)
        {
            await channel.BasicRejectAsync(delivery.DeliveryTag, requeue: false, stoppingToken);
            return;
        }

        Failpoint.Reach("W1");
        while (!await TryTakeAsync(message.GenerationId, stoppingToken))
        {
            // The database is away. Kept in hand, not put back: a redelivery would count towards the delivery limit.
            await Task.Delay(messaging.Value.RetryPause, stoppingToken);
        }

        await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, stoppingToken);
    }

    private async Task<bool> TryTakeAsync(Guid generationId, CancellationToken stoppingToken)
    {
        try
        {
            await TakeAsync(generationId, stoppingToken);
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            NotTaken(logger, exception.GetBaseException().Message);
            return false;
        }
    }

    private async Task TakeAsync(Guid generationId, CancellationToken stoppingToken)
    {
        await runs.TakeSlotAsync(stoppingToken);
        PreparedRun? run = null;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
            if (await GenerationClaim.TakeAsync(db, generationId, work.Value.Lease, stoppingToken) is { } claim)
            {
                run = await runs.PrepareAsync(claim, stoppingToken);
            }
        }
        finally
        {
            if (run is not null)
            {
                runs.Start(run, stoppingToken);
            }
            else
            {
                runs.ReturnSlot();
            }
        }
    }

    private StartGeneration? Read(BasicDeliverEventArgs delivery)
    {
        try
        {
            return JsonSerializer.Deserialize<StartGeneration>(delivery.Body.Span, JsonSerializerOptions.Web) is { } message && message.GenerationId != Guid.Empty ? message : null;
        }
        catch (JsonException exception)
        {
            Unreadable(logger, exception.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The queue is not consumed for now: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "A message waits: {Reason}")]
    private static partial void NotTaken(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "A message cannot be read and goes to the dead-letter queue: {Reason}")]
    private static partial void Unreadable(ILogger logger, string reason);
}
