using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using PrintCraft.ReplicateSimulator.Control;
using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Webhooks;

/// <summary>
/// Delivers predictions to their webhook: https://replicate.com/docs/topics/webhooks/receive-webhook. Redirects are not followed. Only
/// a delivery of a prediction that has ended is tried again, with the same id and a new timestamp, for about a minute.
/// </summary>
internal sealed partial class WebhookSender(
    SimulatorOptions options, FaultLog log, TimeProvider time, ILogger<WebhookSender> logger) : IDisposable
{
    /// <summary>Far beyond the five minutes that the specification lets a receiver tolerate.</summary>
    private static readonly TimeSpan StaleAge = TimeSpan.FromHours(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = options.WebhookTimeout,
    };

    public string Secret { get; } = options.WebhookSecret ?? WebhookSignature.NewSecret();

    public async Task DeliverAsync(Prediction prediction, FaultScript faults, CancellationToken cancellationToken)
    {
        var id = $"msg_{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 27)}";
        var message = new Message(prediction, id, JsonSerializer.SerializeToUtf8Bytes(prediction, SimulatorApp.Json), Once: !prediction.Ended);
        try
        {
            if (faults.WebhookAfter > TimeSpan.Zero)
            {
                await Task.Delay(faults.WebhookAfter, time, cancellationToken);
            }

            var copies = Enumerable.Repeat(message with { Once = true }, faults.WebhookCopies - 1).Prepend(message);
            await Task.WhenAll(copies.Select(copy => SendAsync(copy, faults.Webhook, cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends; nobody waits for this delivery.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(Message message, WebhookFault fault, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case WebhookFault.Lost:
                log.Record(message.Prediction, message.Id, "lost", null);
                break;
            case WebhookFault.Forged:
                await TryAsync(message, "forged", WebhookSignature.NewSecret(), TimeSpan.Zero, cancellationToken);
                break;
            case WebhookFault.Stale:
                await TryAsync(message, "stale", Secret, StaleAge, cancellationToken);
                break;
            case WebhookFault.Replayed:
                await InsistAsync(message, cancellationToken);
                await TryAsync(message, "stale", Secret, StaleAge, cancellationToken);
                break;
            case WebhookFault.None or WebhookFault.Reordered:
                await InsistAsync(message, cancellationToken);
                break;
        }
    }

    private async Task InsistAsync(Message message, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var wait = options.WebhookRetryDelay; !await TryAsync(message, "true", Secret, TimeSpan.Zero, cancellationToken); wait *= 2)
        {
            if (message.Once || time.GetElapsedTime(began) >= options.WebhookRetryWindow)
            {
                LogGivenUp(message.Prediction.Id, message.Prediction.Status);
                return;
            }

            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(Message message, string kind, string secret, TimeSpan age, CancellationToken cancellationToken)
    {
        var timestamp = (time.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Prediction.Webhook) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(secret, message.Id, timestamp, message.Body));
        int? status = null;
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(message.Prediction.Id, e.Message);
            return false;
        }
        finally
        {
            log.Record(message.Prediction, message.Id, kind, status);
        }
    }

    [LoggerMessage(LogLevel.Information, "Webhook of prediction {Id} failed: {Reason}")]
    private partial void LogFailed(string id, string reason);

    [LoggerMessage(LogLevel.Warning, "Webhook of prediction {Id} ({Status}) is given up.")]
    private partial void LogGivenUp(string id, PredictionStatus status);

    /// <param name="Once">Not tried again.</param>
    private sealed record Message(Prediction Prediction, string Id, byte[] Body, bool Once);
}
