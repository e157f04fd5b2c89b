using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

/// <summary>Reads keys; one that was revoked is gone.</summary>
internal static class ListApiKeys
{
    public static ProblemHttpResult NotFound => Problem.Because(ProblemCode.NotFound, "There is no such key.");

    public static async Task<Results<Ok<Feed<ApiKeyResource>>, ProblemHttpResult>> HandleAsync(
        CurrentUser user, PrintCraftDb db, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (!FeedPlace.TryRead(limit, cursor, out var after, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var query = db.KeysOf(user);
        if (after is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(key => EF.Functions.LessThan(ValueTuple.Create(key.CreatedAt, key.Id), ValueTuple.Create(at, id)));
        }

        var found = await query.OrderByDescending(key => key.CreatedAt).ThenByDescending(key => key.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = found.Take(limit).ToList();
        var hasMore = found.Count > limit;
        var next = hasMore ? FeedCursor.Write(page[^1].CreatedAt, page[^1].Id) : null;
        return TypedResults.Ok(new Feed<ApiKeyResource>([.. page.Select(ApiKeyResource.Of)], new FeedPagination(limit, hasMore, next)));
    }

    public static async Task<Results<Ok<ApiKeyResource>, ProblemHttpResult>> HandleOneAsync(Guid id, CurrentUser user, PrintCraftDb db, CancellationToken cancellationToken) =>
        await db.KeysOf(user).SingleOrDefaultAsync(key => key.Id == id, cancellationToken) is { } key ? TypedResults.Ok(ApiKeyResource.Of(key)) : NotFound;

    private static IQueryable<ApiKey> KeysOf(this PrintCraftDb db, CurrentUser user) => db.ApiKeys.AsNoTracking().Where(key => key.UserId == user.Id && key.RevokedAt == null);
}
