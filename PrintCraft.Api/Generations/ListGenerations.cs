using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A page of a feed.</summary>
public sealed record Feed<T>(IReadOnlyList<T> Data, FeedPagination Pagination);

/// <param name="Limit">How many were asked for.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="NextCursor">Where it starts; null at the end.</param>
public sealed record FeedPagination(int Limit, bool HasMore, string? NextCursor);

internal static class ListGenerations
{
    private const int MaxLimit = 100;

    public static async Task<Results<Ok<Feed<GenerationResource>>, ProblemHttpResult>> HandleAsync(
        CurrentUser user, PrintCraftDb db, GenerationResources resources, Backlog backlog, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (limit is < 1 or > MaxLimit)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("limit", $"must be from 1 to {MaxLimit}")]);
        }

        var query = db.Generations.AsNoTracking().Include(generation => generation.Images).Where(generation => generation.UserId == user.Id && generation.HiddenAt == null);
        if (cursor is not null)
        {
            if (!FeedCursor.TryRead(cursor, out var at, out var id))
            {
                return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("cursor", "is not a cursor of this feed")]);
            }

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
