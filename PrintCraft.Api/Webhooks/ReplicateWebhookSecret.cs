using PrintCraft.Replicate;

using Refit;

namespace PrintCraft.Api.Webhooks;

/// <summary>Whether a webhook's signature is right. Unknown while the key cannot be read: the sender should try again.</summary>
internal enum WebhookVerdict
{
    Genuine,
    Forged,
    Unknown,
}

/// <summary>
/// The key of Replicate's webhooks: read from Replicate when first needed and kept. When a signature does not verify, it is read again,
/// because the account's key may have been rotated (or the simulator restarted); at most once a minute, so that forged webhooks cost nothing.
/// </summary>
internal sealed partial class ReplicateWebhookSecret(IReplicateApi replicate, TimeProvider time, ILogger<ReplicateWebhookSecret> logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterRead = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private string? _secret;
    private DateTimeOffset _readAgainAt;

    public async Task<WebhookVerdict> VerifyAsync(string? id, string? timestamp, string? signatures, byte[] body, CancellationToken cancellationToken)
    {
        if (IsGenuine(_secret))
        {
            return WebhookVerdict.Genuine;
        }

        await ReadAgainAsync(cancellationToken);
        return _secret is null ? WebhookVerdict.Unknown : IsGenuine(_secret) ? WebhookVerdict.Genuine : WebhookVerdict.Forged;

        bool IsGenuine(string? secret) => secret is not null && WebhookSignature.Verify(secret, id, timestamp, signatures, body, time.GetUtcNow());
    }

    public void Dispose() => _reading.Dispose();

    private async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() >= _readAgainAt)
            {
                _secret = (await replicate.GetWebhookSecretAsync(cancellationToken)).Key;
                _readAgainAt = time.GetUtcNow() + PauseAfterRead;
            }
        }
        catch (ApiExceptionBase exception)
        {
            _readAgainAt = time.GetUtcNow() + PauseAfterFailure;
            NotRead(logger, exception.GetBaseException().Message);
        }
        finally
        {
            _reading.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "The key of Replicate's webhooks cannot be read: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
