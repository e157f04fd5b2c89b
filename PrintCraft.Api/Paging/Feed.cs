using System.Diagnostics.CodeAnalysis;
using System.Globalization;

using Microsoft.AspNetCore.Http.Extensions;

using PrintCraft.Api.Http;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Paging;

/// <summary>A page of a feed.</summary>
public sealed record Feed<T>(IReadOnlyList<T> Data, FeedPagination Pagination);

/// <param name="Limit">How many were asked for.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="NextCursor">Where it starts; null at the end.</param>
public sealed record FeedPagination(int Limit, bool HasMore, string? NextCursor);

/// <summary>A page that was asked for: of which feed, how much of it, and after what.</summary>
/// <param name="Name">Whose feed, which, and filtered how: a cursor of it works for no other.</param>
/// <param name="After">Null is the beginning.</param>
internal sealed record FeedQuery(string Name, int Limit, FeedPlace? After)
{
    public const int MaxLimit = 100;

    public static bool TryRead(string name, int limit, string? cursor, FeedCursor cursors, [NotNullWhen(true)] out FeedQuery? query, [NotNullWhen(false)] out FieldError? error)
    {
        FeedPlace? after = null;
        error = limit is < 1 or > MaxLimit ? new FieldError("limit", $"must be from 1 to {MaxLimit}")
            : cursor is not null && !cursors.TryRead(name, cursor, out after) ? new FieldError("cursor", "is not a cursor of this feed with these filters")
            : null;
        query = error is null ? new FeedQuery(name, limit, after) : null;
        return error is null;
    }

    /// <summary>The page, and in the header <c>Link</c> (RFC 8288) where the next one is.</summary>
    /// <param name="found">One more than was asked for, if there are as many.</param>
    public Feed<TItem> Page<TRow, TItem>(HttpContext http, FeedCursor cursors, IReadOnlyList<TRow> found, Func<TRow, FeedPlace> placeOf, Func<TRow, TItem> show)
    {
        var hasMore = found.Count > Limit;
        var next = hasMore ? cursors.Write(Name, placeOf(found[Limit - 1])) : null;
        if (next is not null)
        {
            http.Response.Headers.Append("Link", $"<{NextAddress(http.Request, next)}>; rel=\"next\"");
        }

        return new Feed<TItem>([.. found.Take(Limit).Select(show)], new FeedPagination(Limit, hasMore, next));
    }

    private string NextAddress(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => !parameter.Key.Equals("cursor", StringComparison.OrdinalIgnoreCase) && !parameter.Key.Equals("limit", StringComparison.OrdinalIgnoreCase)))
        {
            { "limit", Limit.ToString(CultureInfo.InvariantCulture) },
            { "cursor", cursor },
        };
        return request.AddressOf($"{request.Path}{query}");
    }
}
