using System.Diagnostics.CodeAnalysis;

using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Paging;

/// <summary>A page of a feed.</summary>
public sealed record Feed<T>(IReadOnlyList<T> Data, FeedPagination Pagination);

/// <param name="Limit">How many were asked for.</param>
/// <param name="HasMore">Whether there is a next page.</param>
/// <param name="NextCursor">Where it starts; null at the end.</param>
public sealed record FeedPagination(int Limit, bool HasMore, string? NextCursor);

/// <summary>The row after which a page begins.</summary>
internal sealed record FeedPlace(DateTimeOffset CreatedAt, Guid Id)
{
    private const int MaxLimit = 100;

    /// <summary>Reads what a caller asked for; null is the feed's beginning.</summary>
    public static bool TryRead(int limit, string? cursor, out FeedPlace? place, [NotNullWhen(false)] out FieldError? error)
    {
        (place, error) = (null, null);
        if (limit is < 1 or > MaxLimit)
        {
            error = new FieldError("limit", $"must be from 1 to {MaxLimit}");
        }
        else if (cursor is not null)
        {
            if (FeedCursor.TryRead(cursor, out var createdAt, out var id))
            {
                place = new FeedPlace(createdAt, id);
            }
            else
            {
                error = new FieldError("cursor", "is not a cursor of this feed");
            }
        }

        return error is null;
    }
}
