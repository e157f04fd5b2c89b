using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Generations;

internal static class ListGenerations
{
    public static async Task<Results<PreparedJson<Feed<GenerationResource>>, ProblemHttpResult>> HandleAsync(
        CurrentUser user, GenerationRows rows, GenerationAnswers answers, HttpRequest request, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (!FeedPlace.TryRead(limit, cursor, out var after, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var places = await rows.PlacesAsync(user.Id, limit + 1, after is null ? null : (after.CreatedAt, after.Id), cancellationToken);
        var hasMore = places.Count > limit;
        var next = hasMore ? FeedCursor.Write(places[limit - 1].CreatedAt, places[limit - 1].Id) : null;
        return await answers.PageAsync(user.Id, [.. places.Take(limit).Select(place => place.Id)], new FeedPagination(limit, hasMore, next), request, cancellationToken);
    }
}
