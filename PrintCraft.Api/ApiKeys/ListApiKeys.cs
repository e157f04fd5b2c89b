using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Http;
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
        HttpContext http, CurrentUser user, PrintCraftDb db, FeedCursor cursors, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (!FeedQuery.TryRead($"api-keys|{user.Id}", limit, cursor, cursors, out var asked, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var query = db.KeysOf(user);
        if (asked.After is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(key => EF.Functions.LessThan(ValueTuple.Create(key.CreatedAt, key.Id), ValueTuple.Create(at, id)));
        }

        var found = await query.OrderByDescending(key => key.CreatedAt).ThenByDescending(key => key.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = asked.Page(http, cursors, found, key => new FeedPlace(key.CreatedAt, key.Id), ApiKeyResource.Of);
        http.Response.Headers.ETag = ETags.Of([page.Pagination.HasMore ? 1 : 0, .. page.Data.SelectMany(VersionOf)]);
        return TypedResults.Ok(page);
    }

    public static async Task<Results<Ok<ApiKeyResource>, ProblemHttpResult>> HandleOneAsync(
        Guid id, HttpResponse response, CurrentUser user, PrintCraftDb db, CancellationToken cancellationToken)
    {
        if (await db.KeysOf(user).SingleOrDefaultAsync(key => key.Id == id, cancellationToken) is not { } found)
        {
            return NotFound;
        }

        var key = ApiKeyResource.Of(found);
        response.Headers.ETag = ETags.Of(VersionOf(key));
        return TypedResults.Ok(key);
    }

    private static long[] VersionOf(ApiKeyResource key) => [key.CreatedAt.UtcTicks, key.LastUsedAt?.UtcTicks ?? 0, key.RotatedAt?.UtcTicks ?? 0];

    private static IQueryable<ApiKey> KeysOf(this PrintCraftDb db, CurrentUser user) => db.ApiKeys.AsNoTracking().Where(key => key.UserId == user.Id && key.RevokedAt == null);
}
