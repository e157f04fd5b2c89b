using System.Text;
using System.Text.Json;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Messaging;

using RabbitMQ.Client;
using RabbitMQ.Client.Events;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Moves what lands in the dead-letter queue into the table that people read and replay from. The job itself needs no rescue: Postgres owns it, and it is
/// taken without its message when its time comes. A crash between the insert and the acknowledgement delivers the message again; its id keeps it from
/// being written twice.
/// </summary>
internal sealed partial class DeadLetterConsumer(
    RabbitMqChannels channels,
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    IOptions<MessagingOptions> messaging,
    ILogger<DeadLetterConsumer> logger) : BackgroundService
{
    private const ushort Prefetch = 10;

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
                // The loop's edge: the broker or the database is down. What was not acknowledged comes again.
                Paused(logger, exception.GetBaseException().Message);
                await Task.Delay(messaging.Value.RetryPause, stoppingToken);
            }
        }
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        await using var channel = await channels.OpenAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false), stoppingToken);
        await channel.BasicQosAsync(0, Prefetch, global: false, stoppingToken);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = new AsyncEventingBasicConsumer(channel);
        channel.ChannelShutdownAsync += (_, _) => Completed(closed);
        consumer.UnregisteredAsync += (_, _) => Completed(closed);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            try
            {
                await KeepAsync(delivery, stoppingToken);
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, stoppingToken);
            }
            catch (Exception exception)
            {
                // Begin anew: with the channel everything that is not acknowledged goes back.
                closed.TrySetException(exception);
            }
        };
        await channel.BasicConsumeAsync(Topology.DeadQueue, autoAck: false, consumer, stoppingToken);
        await closed.Task.WaitAsync(stoppingToken);
    }

    private async Task KeepAsync(BasicDeliverEventArgs delivery, CancellationToken cancellationToken)
    {
        // Postgres text cannot hold NUL.
        var body = Encoding.UTF8.GetString(delivery.Body.Span).Replace('\0', '\uFFFD');
        var (queue, reason) = Death(delivery.BasicProperties.Headers);
        var generationId = GenerationId(body);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(
            """
            INSERT INTO dead_letters (id, queue, message_id, body, reason, generation_id, died_at) VALUES ($1, $2, $3, $4, $5, nullif($6, '')::uuid, now())
            ON CONFLICT DO NOTHING
            """,
            Value(Guid.CreateVersion7()), Text(queue), Text(delivery.BasicProperties.MessageId), Text(body), Text(reason), Text(generationId?.ToString() ?? ""));
        await command.ExecuteNonQueryAsync(cancellationToken);
        Died(logger, queue, reason, generationId);
    }

    /// <summary>The newest entry of the x-death header: where and why (https://www.rabbitmq.com/docs/dlx#effects).</summary>
    private static (string Queue, string Reason) Death(IDictionary<string, object?>? headers) =>
        headers?.TryGetValue("x-death", out var deaths) == true && deaths is IList<object> { Count: > 0 } list && list[0] is IDictionary<string, object> death
            ? (Word(death, "queue"), Word(death, "reason"))
            : (Topology.GenerationQueue, "unknown");

    private static string Word(IDictionary<string, object> table, string name) =>
        table.TryGetValue(name, out var value) && value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "unknown";

    private static Guid? GenerationId(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("generationId", out var id) && id.ValueKind == JsonValueKind.String
                && id.TryGetGuid(out var guid) ? guid : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task Completed(TaskCompletionSource closed)
    {
        closed.TrySetResult();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Warning, "Dead letters stay in their queue for now: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "A message died in {Queue} ({Reason}); generation {GenerationId}. See the dead letters.")]
    private static partial void Died(ILogger logger, string queue, string reason, Guid? generationId);
}
