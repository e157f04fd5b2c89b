using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Messaging;

/// <summary>A message that no consumer could take.</summary>
/// <param name="Reason">RabbitMQ's word: rejected, delivery_limit, expired or maxlen.</param>
/// <param name="ReplayedAs">The new generation, when the old one had already ended.</param>
public sealed record DeadLetterResource(
    Guid Id, string Queue, string? MessageId, string Body, string Reason, Guid? GenerationId, DateTimeOffset DiedAt, DateTimeOffset? ReplayedAt, Guid? ReplayedAs);

internal static class ListDeadLetters
{
    /// <param name="replayed">Only those that were, or were not, replayed; both unless said.</param>
    public static async Task<Results<Ok<Page<DeadLetterResource>>, ProblemHttpResult>> HandleAsync(
        PrintCraftDb db, CancellationToken cancellationToken, bool? replayed = null, int page = 1, int perPage = 20)
    {
        var errors = PagePagination.Check(page, perPage);
        if (errors.Count > 0)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var letters = db.DeadLetters.AsNoTracking().Where(letter => replayed == null || replayed == (letter.ReplayedAt != null));
        var total = await letters.CountAsync(cancellationToken);
        var data = await letters
            .OrderByDescending(letter => letter.DiedAt)
            .ThenByDescending(letter => letter.Id)
            .Skip((page - 1) * perPage)
            .Take(perPage)
            .Select(letter => new DeadLetterResource(
                letter.Id, letter.Queue, letter.MessageId, letter.Body, letter.Reason, letter.GenerationId, letter.DiedAt, letter.ReplayedAt, letter.ReplayedAs))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<DeadLetterResource>(data, PagePagination.Of(page, perPage, total)));
    }
}
