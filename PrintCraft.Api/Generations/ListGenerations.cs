using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

internal static class ListGenerations
{
    public static async Task<Results<Ok<Feed<GenerationResource>>, ProblemHttpResult>> HandleAsync(
        CurrentUser user, PrintCraftDb db, GenerationResources resources, Backlog backlog, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (!FeedPlace.TryRead(limit, cursor, out var after, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var query = db.Generations.AsNoTracking().Include(generation => generation.Images).Where(generation => generation.UserId == user.Id && generation.HiddenAt == null);
        if (after is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(generation => EF.Functions.LessThan(ValueTuple.Create(generation.CreatedAt, generation.Id), ValueTuple.Create(at, id)));
        }

        var found = await query
            .OrderByDescending(generation => generation.CreatedAt)
            .ThenByDescending(generation => generation.Id)
            .Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        var hasMore = found.Count > limit;
        var next = hasMore ? FeedCursor.Write(page[^1].CreatedAt, page[^1].Id) : null;
        if (page.Exists(generation => generation.Status == GenerationStatus.Pending))
        {
            await backlog.LookAsync(cancellationToken);
        }

        return TypedResults.Ok(new Feed<GenerationResource>([.. page.Select(generation => resources.From(generation, backlog.PositionOf(generation)))], new FeedPagination(limit, hasMore, next)));
    }
}
