using System.Text;
using System.Text.Json;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Messaging;
using PrintCraft.Worker.Generations;
using PrintCraft.Worker.Telemetry;

using RabbitMQ.Client;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Publishes what the outbox holds: claims a batch, publishes with confirms, marks what was confirmed as sent. The only publisher.
/// Claiming is by state (SKIP LOCKED), not by position: ids are given before commit, so "greater than the last seen" loses rows.
/// A crash after the claim: the claim runs out and any relay takes the batch. A crash between confirm and mark: published twice, and
/// the consumer finds the job taken. What this worker has room for is begun at once, beside its publishing.
/// </summary>
internal sealed partial class OutboxRelay(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    RabbitMqChannels channels,
    GenerationRuns runs,
    WorkBell bell,
    IOptions<MessagingOptions> options,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    /// <summary>$1 for how long, $2 how many.</summary>
    private const string Claim = """
        UPDATE outbox SET claimed_until = now() + $1
        WHERE id = ANY (ARRAY (
            SELECT id FROM outbox
            WHERE sent_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING id, exchange, routing_key, body, trace_parent, created_at
        """;

    private readonly MessagingOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rings = bell.Listen();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var channel = await channels.OpenAsync(
                    new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), stoppingToken);
                while (channel.IsOpen)
                {
                    var sent = await RunOnceAsync(channel, stoppingToken);
                    if (sent < _options.BatchSize)
                    {
                        await WorkBell.WaitAsync(rings, _options.PollInterval, stoppingToken);
                    }
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: broker or database down, whatever the reason. The rows stay and are taken again.
                Paused(logger, exception.GetBaseException().Message);
                await Task.Delay(_options.RetryPause, stoppingToken);
            }
        }
    }

    /// <summary>One round; answers how many messages it sent.</summary>
    private async Task<int> RunOnceAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var batch = await ClaimAsync(cancellationToken);
        if (batch.Count == 0)
        {
            return 0;
        }

        Failpoint.Reach("R1");
        var early = runs.TakeEarlyAsync([.. batch.Where(message => message.Exchange == Topology.WorkExchange).Select(JobOf)], cancellationToken);
        var publishing = batch.Select(message => (message.Id, Task: PublishAsync(channel, message, cancellationToken))).ToList();
        await Task.WhenAll(publishing.Select(one => one.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Failpoint.Reach("R2");
        // Those that were confirmed are sent, whatever became of the rest.
        var confirmed = publishing.Where(one => one.Task.IsCompletedSuccessfully).Select(one => one.Id).ToList();
        await MarkAsync(confirmed, CancellationToken.None);
        Failpoint.Reach("R3");
        await early;
        await Task.WhenAll(publishing.Select(one => one.Task));
        return confirmed.Count;
    }

    private static Guid JobOf(OutboxMessage message) => JsonSerializer.Deserialize<StartGeneration>(message.Body, JsonSerializerOptions.Web)!.GenerationId;

    private async Task<List<OutboxMessage>> ClaimAsync(CancellationToken cancellationToken)
    {
        using var quiet = Polling.WithoutSpans();
        await using var command = database.CreateCommand(Claim);
        command.Parameters.Add(Value(_options.ClaimTime));
        command.Parameters.Add(Value(_options.BatchSize));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<OutboxMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(new OutboxMessage
            {
                Id = reader.GetGuid(0),
                Exchange = reader.GetString(1),
                RoutingKey = reader.GetString(2),
                Body = reader.GetString(3),
                TraceParent = reader.IsDBNull(4) ? null : reader.GetString(4),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(5),
            });
        }

        return messages;
    }

    private async Task MarkAsync(IReadOnlyList<Guid> sent, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("UPDATE outbox SET sent_at = now() WHERE id = ANY ($1)");
        command.Parameters.Add(Value(sent.ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task PublishAsync(IChannel channel, OutboxMessage message, CancellationToken cancellationToken)
    {
        using var activity = MessagingTelemetry.StartPublish(message);
        var properties = new BasicProperties
        {
            MessageId = message.Id.ToString(),
            Persistent = true,
            ContentType = "application/json",
            Headers = new Dictionary<string, object?> { ["traceparent"] = activity?.Id ?? message.TraceParent },
        };
        // Without a limit a confirm that never comes would hold the relay for ever.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_options.PublishTimeout);
        // Work that no queue takes must fail here: an unroutable message is confirmed unless it is mandatory.
        await channel.BasicPublishAsync(
            message.Exchange,
            message.RoutingKey,
            mandatory: message.Exchange == Topology.WorkExchange,
            properties,
            Encoding.UTF8.GetBytes(message.Body),
            timeout.Token);
    }

    [LoggerMessage(LogLevel.Warning, "The outbox waits: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);
}
