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
        [AsParameters] GenerationFilter filter,
        HttpContext http,
        CurrentUser user,
        PrintCraftDb db,
        GenerationResources resources,
        GenerationTags tags,
        FeedCursor cursors,
        Backlog backlog,
        CancellationToken cancellationToken,
        int limit = 20,
        string? cursor = null)
    {
        if (!filter.TryRead(out var conditions, out var errors))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        if (!FeedQuery.TryRead($"generations|{user.Id}|{conditions.Name}", limit, cursor, cursors, out var page, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var found = await FindAsync(db, user.Id, conditions, page, cancellationToken);
        if (found.Exists(generation => generation.Status == GenerationStatus.Pending))
        {
            await backlog.LookAsync(cancellationToken);
        }

        http.Response.Headers.ETag = tags.Of(found, backlog.PositionOf, found.Count > limit);
        return TypedResults.Ok(page.Page(
            http, cursors, found, generation => new FeedPlace(generation.CreatedAt, generation.Id), generation => resources.From(generation, backlog.PositionOf(generation))));
    }

    private static Task<List<Generation>> FindAsync(PrintCraftDb db, Guid userId, GenerationConditions conditions, FeedQuery page, CancellationToken cancellationToken)
    {
        var query = conditions.Apply(
            db.Generations.AsNoTracking().Include(generation => generation.Images).Where(generation => generation.UserId == userId && generation.HiddenAt == null));
        if (page.After is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(generation => EF.Functions.LessThan(ValueTuple.Create(generation.CreatedAt, generation.Id), ValueTuple.Create(at, id)));
        }

        return query
            .OrderByDescending(generation => generation.CreatedAt)
            .ThenByDescending(generation => generation.Id)
            .Take(page.Limit + 1)
            .ToListAsync(cancellationToken);
    }
}
