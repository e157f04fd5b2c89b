using Refit;

namespace PrintCraft.Replicate;

/// <summary>
/// The part of Replicate's HTTP API that PrintCraft uses. A POST that creates a prediction is sent once and never retried here:
/// Replicate has no idempotency key, so a blind second try may buy a second image.
/// Source: https://replicate.com/docs/reference/http.
/// </summary>
public interface IReplicateApi
{
    /// <summary>Runs a pinned version. 201, or 202 while outputs are missing. 422 for a bad input, 402 without credit, 429 when too fast.</summary>
    [Post("/v1/predictions")]
    Task<ApiResponse<Prediction>> CreateAsync([Body] CreatePrediction body, [Header("Cancel-After")] string cancelAfter, CancellationToken cancellationToken);

    /// <summary>Runs an official model; answers as <see cref="CreateAsync"/>.</summary>
    [Post("/v1/models/{owner}/{name}/predictions")]
    Task<ApiResponse<Prediction>> CreateForModelAsync(
        string owner, string name, [Body] CreatePrediction body, [Header("Cancel-After")] string cancelAfter, CancellationToken cancellationToken);

    /// <summary>The prediction as it is now; 404 when there is none of that id.</summary>
    [Get("/v1/predictions/{id}")]
    Task<ApiResponse<Prediction>> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first, 100 a page, made between two RFC 3339 times; <paramref name="cursor"/> comes from <see cref="PredictionPage.Next"/>.</summary>
    [Get("/v1/predictions")]
    Task<PredictionPage> ListAsync(
        [AliasAs("created_after")] string? createdAfter, [AliasAs("created_before")] string? createdBefore, string? cursor, CancellationToken cancellationToken);

    /// <summary>Stops a prediction; answers with what became of it.</summary>
    [Post("/v1/predictions/{id}/cancel")]
    Task<ApiResponse<Prediction>> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>The key that signs this account's webhooks.</summary>
    [Get("/v1/webhooks/default/secret")]
    Task<WebhookSecret> GetWebhookSecretAsync(CancellationToken cancellationToken);
}
