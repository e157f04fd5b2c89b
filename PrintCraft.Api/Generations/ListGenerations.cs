using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Generations;

internal static class ListGenerations
{
    public static async Task<Results<PreparedJson<Feed<GenerationResource>>, ProblemHttpResult>> HandleAsync(
        [AsParameters] GenerationFilter filter,
        HttpContext http,
        CurrentUser user,
        PrintCraftDb db,
        GenerationRows rows,
        GenerationAnswers answers,
        FeedCursor cursors,
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

        var places = conditions.IsNone
            ? await rows.PlacesAsync(user.Id, page.Limit + 1, page.After, cancellationToken)
            : await FindAsync(db, user.Id, conditions, page, cancellationToken);
        // One that was deleted since its place was found leaves the page one shorter.
        var shown = await answers.ShowAsync(user.Id, [.. places.Take(page.Limit).Select(place => place.Id)], http.Request, cancellationToken);
        var feed = page.Page(http, cursors, places, place => place, place => shown.GetValueOrDefault(place.Id));
        return answers.Page(http.Response, [.. feed.Data.OfType<ShownGeneration>()], feed.Pagination);
    }

    private static Task<List<FeedPlace>> FindAsync(PrintCraftDb db, Guid userId, GenerationConditions conditions, FeedQuery page, CancellationToken cancellationToken)
    {
        var query = conditions.Apply(db.Generations.Where(generation => generation.UserId == userId && generation.HiddenAt == null));
        if (page.After is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(generation => EF.Functions.LessThan(ValueTuple.Create(generation.CreatedAt, generation.Id), ValueTuple.Create(at, id)));
        }

        return query
            .OrderByDescending(generation => generation.CreatedAt)
            .ThenByDescending(generation => generation.Id)
            .Take(page.Limit + 1)
            .Select(generation => new FeedPlace(generation.CreatedAt, generation.Id))
            .ToListAsync(cancellationToken);
    }
}
