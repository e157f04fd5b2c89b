using Refit;

namespace PrintCraft.Client;

/// <summary>
/// The PrintCraft API. A method that returns a resource throws <see cref="ApiException"/> for an error status; its content is
/// problem+json and reads as <see cref="Problem"/> (<see cref="PrintCraftErrors.ProblemOf"/>).
/// </summary>
public interface IPrintCraftApi
{
    /// <summary>Orders images. Errors: invalid_request 400, insufficient_credits 402.</summary>
    [Post("/api/v1/generations")]
    Task<Generation> CreateGenerationAsync([Body] NewGeneration generation, CancellationToken cancellationToken);

    /// <summary>One of your generations. Errors: not_found 404, also for other people's.</summary>
    [Get("/api/v1/generations/{id}")]
    Task<Generation> GetGenerationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Your generations, newest first. <paramref name="cursor"/> is the last page's <see cref="FeedPagination.NextCursor"/>.</summary>
    [Get("/api/v1/generations")]
    Task<Feed<Generation>> ListGenerationsAsync(int? limit, string? cursor, CancellationToken cancellationToken);
}
