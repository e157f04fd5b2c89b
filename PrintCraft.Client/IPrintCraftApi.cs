using Refit;

namespace PrintCraft.Client;

/// <summary>
/// The PrintCraft API. A method that returns a resource throws <see cref="ApiException"/> for an error status; its content is
/// problem+json and reads as <see cref="Problem"/> (<see cref="PrintCraftErrors.ProblemOf"/>).
/// </summary>
public partial interface IPrintCraftApi
{
    /// <summary>Orders images. Errors: invalid_request 400, insufficient_credits 402, precondition_failed 412, provider_unavailable 503.</summary>
    [Post("/api/v1/generations")]
    Task<Generation> CreateGenerationAsync([Body] NewGeneration generation, CancellationToken cancellationToken);

    /// <summary>Orders images once, however often it is called with the same key. Errors also: idempotency_key_in_use 409, idempotency_key_reused 422.</summary>
    /// <param name="prefer">wait=N: answer when the generation has ended, or after N seconds (at most 60).</param>
    [Post("/api/v1/generations")]
    Task<Generation> CreateGenerationOnceAsync(
        [Body] NewGeneration generation, [Header("Idempotency-Key")] string? idempotencyKey, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    /// <summary>Orders every style in every size with every seed. What the balance does not pay for is refused and shown. Errors as for one.</summary>
    [Post("/api/v1/generations/batch")]
    Task<Batch> CreateBatchAsync([Body] NewBatch batch, [Header("Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken);

    /// <summary>What an order would cost and take; runs nothing.</summary>
    [Post("/api/v1/generations/quote")]
    Task<Quote> QuoteAsync([Body] NewGeneration generation, CancellationToken cancellationToken);

    /// <summary>One of your generations. Errors: not_found 404, also for other people's.</summary>
    [Get("/api/v1/generations/{id}")]
    Task<Generation> GetGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Your generations, newest first. <paramref name="cursor"/> is the last page's <see cref="FeedPagination.NextCursor"/>.</summary>
    [Get("/api/v1/generations")]
    Task<Feed<Generation>> ListGenerationsAsync(int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>
    /// Those of your generations that every given filter lets through, newest first. Several values: with commas between. Errors: invalid_request 400
    /// for a value that does not exist.
    /// </summary>
    /// <param name="status">As succeeded,failed.</param>
    /// <param name="search">Words of the prompt, in any of their forms; also "a phrase", or, -without.</param>
    [Get("/api/v1/generations")]
    Task<Feed<Generation>> FindGenerationsAsync(
        string? status,
        string? style,
        string? quality,
        [Query(Format = "O")] DateTimeOffset? createdAfter,
        [Query(Format = "O")] DateTimeOffset? createdBefore,
        [AliasAs("q")] string? search,
        int? limit,
        string? cursor,
        CancellationToken cancellationToken);

    /// <summary>Ends a generation; one that runs ends soon after. Errors: conflict 409 when it has succeeded or failed.</summary>
    [Post("/api/v1/generations/{id}/cancel")]
    Task<Generation> CancelGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Orders a failed or cancelled generation again, as a new one. Errors: insufficient_credits 402, conflict 409.</summary>
    [Post("/api/v1/generations/{id}/retry")]
    Task<Generation> RetryGenerationAsync(Guid id, [Header("Idempotency-Key")] string? idempotencyKey, [Header("Prefer")] string? prefer, CancellationToken cancellationToken);

    /// <summary>Deletes a generation that has ended, and its images. Errors: conflict 409 while it runs.</summary>
    [Delete("/api/v1/generations/{id}")]
    Task DeleteGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// The events of one generation as they come; read them with <see cref="GenerationEvents.ReadEventsAsync(HttpResponseMessage, CancellationToken)"/>. 204 when there are none after
    /// <paramref name="lastEventId"/> and none will come. <see cref="GenerationEvents.FollowAsync"/> does all of it.
    /// </summary>
    [Get("/api/v1/generations/{id}/events")]
    Task<HttpResponseMessage> OpenGenerationEventsAsync(Guid id, [Header("Last-Event-ID")] long? lastEventId, CancellationToken cancellationToken);

    /// <summary>The events of all your generations: from now on, or after <paramref name="lastEventId"/>. The caller disposes of the answer.</summary>
    [Get("/api/v1/generations/events")]
    Task<HttpResponseMessage> OpenEventsAsync([Header("Last-Event-ID")] long? lastEventId, CancellationToken cancellationToken);

    /// <summary>What can be ordered and what it costs: styles, qualities, sizes, limits.</summary>
    [Get("/api/v1/catalog")]
    Task<Catalog> GetCatalogAsync(CancellationToken cancellationToken);

    /// <summary>Your balance.</summary>
    [Get("/api/v1/credits")]
    Task<Balance> GetCreditsAsync(CancellationToken cancellationToken);

    /// <summary>How your credits moved, newest first.</summary>
    [Get("/api/v1/credits/ledger")]
    Task<Feed<LedgerEntry>> ListLedgerAsync(int? limit, string? cursor, CancellationToken cancellationToken);
}
