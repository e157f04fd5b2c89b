using System.Text;
using System.Text.Json;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Messaging;
using PrintCraft.Worker.Generations;
using PrintCraft.Worker.Telemetry;

using RabbitMQ.Client;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Publishes what the outbox holds: claims a batch, publishes with confirms, marks what was confirmed as sent. The only publisher.
/// Claiming is by state (SKIP LOCKED), not by position: ids are given before commit, so "greater than the last seen" loses rows.
/// A crash after the claim: the claim runs out and any relay takes the batch. A crash between confirm and mark: published twice, and
/// the consumer finds the job taken. What this worker has room for is begun at once, beside its publishing.
/// </summary>
internal sealed partial class OutboxRelay(
    IServiceScopeFactory scopes, RabbitMqChannels channels, GenerationRuns runs, WorkBell bell, IOptions<MessagingOptions> options, ILogger<OutboxRelay> logger) : BackgroundService
{
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
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        var batch = await ClaimAsync(db, cancellationToken);
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
        await db.Database.ExecuteSqlAsync($"UPDATE outbox SET sent_at = now() WHERE id = ANY ({confirmed})", CancellationToken.None);
        Failpoint.Reach("R3");
        await early;
        await Task.WhenAll(publishing.Select(one => one.Task));
        return confirmed.Count;
    }

    private static Guid JobOf(OutboxMessage message) => JsonSerializer.Deserialize<StartGeneration>(message.Body, JsonSerializerOptions.Web)!.GenerationId;

    private async Task<List<OutboxMessage>> ClaimAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        using var quiet = Polling.WithoutSpans();
        return await db.Outbox.FromSql(
            $"""
            UPDATE outbox SET claimed_until = now() + {_options.ClaimTime}
            WHERE id IN (
                SELECT id FROM outbox
                WHERE sent_at IS NULL AND (claimed_until IS NULL OR claimed_until < now())
                ORDER BY created_at LIMIT {_options.BatchSize} FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
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
