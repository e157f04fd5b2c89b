using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Uploads;

/// <summary>Reads uploads. Their version changes with their state, and twice in the life of a signed address.</summary>
internal static class ListUploads
{
    public static async Task<Results<Ok<Feed<UploadResource>>, ProblemHttpResult>> HandleAsync(
        HttpContext http, CurrentUser user, PrintCraftDb db, UploadResources resources, FeedCursor cursors, TimeProvider time, CancellationToken cancellationToken,
        int limit = 20, string? cursor = null)
    {
        if (!FeedQuery.TryRead($"uploads|{user.Id}", limit, cursor, cursors, out var asked, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var query = db.UploadsOf(user.Id);
        if (asked.After is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(upload => EF.Functions.LessThan(ValueTuple.Create(upload.CreatedAt, upload.Id), ValueTuple.Create(at, id)));
        }

        var found = await query.OrderByDescending(upload => upload.CreatedAt).ThenByDescending(upload => upload.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = asked.Page(http, cursors, found, upload => new FeedPlace(upload.CreatedAt, upload.Id), resources.From);
        http.Response.Headers.ETag = ETags.Of([page.Pagination.HasMore ? 1 : 0, .. page.Data.SelectMany(upload => VersionOf(upload, time))]);
        return TypedResults.Ok(page);
    }

    public static async Task<Results<Ok<UploadResource>, ProblemHttpResult>> HandleOneAsync(
        Guid id, HttpResponse response, CurrentUser user, PrintCraftDb db, UploadResources resources, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await db.FindUploadAsync(user.Id, id, cancellationToken) is not { } upload)
        {
            return UploadProblems.NotFound;
        }

        var resource = resources.From(upload);
        response.Headers.ETag = ETags.Of(VersionOf(resource, time));
        return TypedResults.Ok(resource);
    }

    private static long[] VersionOf(UploadResource upload, TimeProvider time) => [upload.CreatedAt.UtcTicks, (long)upload.Status, time.GetUtcNow().ToUnixTimeSeconds() / 300];
}
