using PrintCraft.Replicate;

namespace PrintCraft.Api.Webhooks;

/// <summary>
/// The key of Replicate's webhooks: read from Replicate when first needed and kept. When a signature does not verify, it is read again,
/// at most once a minute, because the account's key may have been rotated (or the simulator restarted).
/// </summary>
internal sealed class ReplicateWebhookSecret(IReplicateApi replicate, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private string? _secret;
    private DateTimeOffset _readAt;

    public async Task<bool> VerifyAsync(string? id, string? timestamp, string? signatures, byte[] body, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = _secret;
        if (known is not null && WebhookSignature.Verify(known, id, timestamp, signatures, body, now))
        {
            return true;
        }

        return await RefreshAsync(known, cancellationToken) is { } fresh && WebhookSignature.Verify(fresh, id, timestamp, signatures, body, now);
    }

    public void Dispose() => _refreshing.Dispose();

    /// <summary>A newer key than <paramref name="known"/>, or null if there is none or it is too early to ask.</summary>
    private async Task<string?> RefreshAsync(string? known, CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (_secret == known)
            {
                if (known is not null && time.GetUtcNow() - _readAt < RefreshInterval)
                {
                    return null;
                }

                _secret = (await replicate.GetWebhookSecretAsync(cancellationToken)).Key;
                _readAt = time.GetUtcNow();
            }

            return _secret == known ? null : _secret;
        }
        finally
        {
            _refreshing.Release();
        }
    }
}
