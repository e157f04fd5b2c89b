using System.ComponentModel;
using System.Text.Json;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Http;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Audit;

/// <summary>Who changed what of a user.</summary>
/// <param name="UserId">Whose things were changed.</param>
/// <param name="ActorId">Who did it; null when the system did.</param>
/// <param name="Action">As user.updated or api_key.created.</param>
/// <param name="Changes">By field what it was and what it is: {"field": {"from": …, "to": …}}.</param>
public sealed record AuditResource(Guid Id, Guid UserId, Guid? ActorId, string Action, JsonElement? Changes, string? TraceId, DateTimeOffset CreatedAt);

internal static class ListAudit
{
    private const int MaxActionLength = 50;

    public static async Task<Results<Ok<Feed<AuditResource>>, ProblemHttpResult>> HandleAsync(
        HttpContext http,
        PrintCraftDb db,
        FeedCursor cursors,
        CancellationToken cancellationToken,
        [Description("Whose things were changed.")] Guid? userId = null,
        [Description("Who changed them.")] Guid? actorId = null,
        [Description("As user.updated or api_key.created.")] string? action = null,
        int limit = 20,
        string? cursor = null)
    {
        if (!FeedQuery.TryRead($"audit|{userId}|{actorId}|{action}", limit, cursor, cursors, out var asked, out var error))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [error]);
        }

        if (action is not null && (action.Length is 0 or > MaxActionLength || action.Any(char.IsControl)))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("action", $"must be 1 to {MaxActionLength} characters")]);
        }

        var query = db.AuditLog.AsNoTracking()
            .Where(entry => (userId == null || entry.UserId == userId) && (actorId == null || entry.ActorId == actorId) && (action == null || entry.Action == action));
        if (asked.After is { CreatedAt: var at, Id: var id })
        {
            query = query.Where(entry => EF.Functions.LessThan(ValueTuple.Create(entry.CreatedAt, entry.Id), ValueTuple.Create(at, id)));
        }

        var found = await query.OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Id).Take(limit + 1).ToListAsync(cancellationToken);
        var page = asked.Page(http, cursors, found, entry => new FeedPlace(entry.CreatedAt, entry.Id), Show);
        http.Response.Headers.ETag = TagOf(page);
        return TypedResults.Ok(page);
    }

    /// <summary>An entry never changes: which ones are shown says all.</summary>
    private static string TagOf(Feed<AuditResource> page) => ETags.Of(
        [page.Data.Count, page.Pagination.HasMore ? 1 : 0, .. page.Data.SelectMany(entry => new[] { entry.CreatedAt.UtcTicks, entry.Id.GetHashCode() })]);

    private static AuditResource Show(AuditEntry entry) => new(
        entry.Id, entry.UserId, entry.ActorId, entry.Action, entry.Changes is null ? null : JsonElement.Parse(entry.Changes), entry.TraceId, entry.CreatedAt);
}
