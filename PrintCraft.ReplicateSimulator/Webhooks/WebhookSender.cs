using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Webhooks;

/// <summary>
/// Delivers predictions to their webhook: https://replicate.com/docs/topics/webhooks/receive-webhook. Redirects are not followed. Only
/// a delivery of a prediction that has ended is tried again, with the same id and a new timestamp, for about a minute.
/// </summary>
internal sealed partial class WebhookSender(SimulatorOptions options, TimeProvider time, ILogger<WebhookSender> logger) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = options.WebhookTimeout,
    };

    public string Secret { get; } = options.WebhookSecret ?? WebhookSignature.NewSecret();

    public async Task DeliverAsync(Prediction prediction, CancellationToken cancellationToken)
    {
        var id = $"msg_{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 27)}";
        var body = JsonSerializer.SerializeToUtf8Bytes(prediction, SimulatorApp.Json);
        var began = time.GetTimestamp();
        try
        {
            for (var wait = options.WebhookRetryDelay; !await TryDeliverAsync(prediction, id, body, cancellationToken); wait *= 2)
            {
                if (!prediction.Ended || time.GetElapsedTime(began) >= options.WebhookRetryWindow)
                {
                    LogGivenUp(prediction.Id, prediction.Status);
                    return;
                }

                await Task.Delay(wait, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends; nobody waits for this delivery.
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> TryDeliverAsync(Prediction prediction, string id, byte[] body, CancellationToken cancellationToken)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, prediction.Webhook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", WebhookSignature.Sign(Secret, id, timestamp, body));
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(prediction.Id, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "Webhook of prediction {Id} failed: {Reason}")]
    private partial void LogFailed(string id, string reason);

    [LoggerMessage(LogLevel.Warning, "Webhook of prediction {Id} ({Status}) is given up.")]
    private partial void LogGivenUp(string id, PredictionStatus status);
}

/// <summary>https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    public static string Sign(string secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(
            Convert.FromBase64String(secret[Prefix.Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
}
