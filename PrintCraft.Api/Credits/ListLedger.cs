using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Credits;

/// <summary>One movement of a user's credits.</summary>
/// <param name="Kind">grant, expire, hold, capture or release.</param>
/// <param name="Amount">Change of what is available.</param>
/// <param name="Held">Change of what is held.</param>
/// <param name="GenerationId">The job that was paid for; null for grants.</param>
/// <param name="Reason">Why it was granted, if that was said.</param>
public sealed record LedgerEntry(Guid Id, string Kind, long Amount, long Held, Guid? GenerationId, string? Reason, DateTimeOffset CreatedAt);

internal static class ListLedger
{
    /// <summary>$1 user, $2 the journal before which to begin, $3 how many. Journal ids begin with the time, so their order is that of the movements.</summary>
    private const string Movements = """
        SELECT journals.id, journals.kind, business_id, grants.reason, journals.created_at,
            coalesce(sum(journal_entries.amount) FILTER (WHERE account = 'available'), 0)::bigint,
            coalesce(sum(journal_entries.amount) FILTER (WHERE account = 'held'), 0)::bigint
        FROM journal_entries JOIN journals ON journals.id = journal_id LEFT JOIN grants ON grants.id = journals.id
        WHERE journal_entries.user_id = $1 AND journal_id < $2
        GROUP BY journals.id, grants.id, journal_id
        ORDER BY journal_id DESC LIMIT $3
        """;

    public static async Task<Results<Ok<Feed<LedgerEntry>>, ProblemHttpResult>> HandleAsync(
        HttpContext http, CurrentUser user, PrintCraftDb db, FeedCursor cursors, CancellationToken cancellationToken, int limit = 20, string? cursor = null)
    {
        if (!FeedQuery.TryRead($"ledger|{user.Id}", limit, cursor, cursors, out var query, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        var found = await FindAsync(db, user.Id, query, cancellationToken);
        var page = query.Page(http, cursors, found, entry => new FeedPlace(entry.CreatedAt, entry.Id), entry => entry);
        http.Response.Headers.ETag = TagOf(page);
        return TypedResults.Ok(page);
    }

    private static async Task<List<LedgerEntry>> FindAsync(PrintCraftDb db, Guid userId, FeedQuery query, CancellationToken cancellationToken)
    {
        var connection = await db.OpenAsync(cancellationToken);
        await using var command = connection.Statement(Movements, Value(userId), Value(query.After?.Id ?? Guid.AllBitsSet), Value(query.Limit + 1));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<LedgerEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var kind = reader.GetString(1);
            found.Add(new LedgerEntry(
                reader.GetGuid(0),
                kind,
                reader.GetInt64(5),
                reader.GetInt64(6),
                kind is "hold" or "capture" or "release" && Guid.TryParse(reader.GetString(2), out var generation) ? generation : null,
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4)));
        }

        return found;
    }

    /// <summary>A movement never changes: which ones are shown says all.</summary>
    private static string TagOf(Feed<LedgerEntry> page) => ETags.Of(
        [page.Data.Count, page.Pagination.HasMore ? 1 : 0, .. page.Data.SelectMany(entry => new[] { entry.CreatedAt.UtcTicks, entry.Amount, entry.Held })]);
}
