using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

public sealed record RefreshRequest(string? RefreshToken = null);

/// <summary>What can be done with sessions: go on, end, list.</summary>
internal static class SessionEndpoints
{
    private const int MaxListed = 100;

    public static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, HttpResponse response, Sessions sessions, CancellationToken cancellationToken) =>
        RefreshToken.TryRead(request.RefreshToken, out var token) && await sessions.RefreshAsync(token, cancellationToken) is { } tokens
            ? TypedResults.Ok(tokens)
            : response.Refuse(ProblemCode.InvalidToken, "The refresh token is not valid. Sign in again.");

    /// <param name="everywhere">On all devices.</param>
    public static async Task<NoContent> LogoutAsync(bool? everywhere, CurrentUser user, Sessions sessions, CancellationToken cancellationToken)
    {
        // A caller of another kind has no session here to end.
        if (everywhere is true || user.CredentialId is not null)
        {
            await sessions.EndAsync(user.Id, everywhere is true ? null : user.CredentialId, cancellationToken);
        }

        return TypedResults.NoContent();
    }

    public static async Task<Ok<SessionList>> ListAsync(CurrentUser user, PrintCraftDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (now, current) = (time.GetUtcNow(), user.CredentialId);
        return TypedResults.Ok(new SessionList(await db.Sessions
            .Where(session => session.UserId == user.Id && session.RevokedAt == null && session.ExpiresAt > now)
            .OrderByDescending(session => session.UsedAt)
            .Take(MaxListed)
            .Select(session => new SessionResource(session.Id, session.Device, session.CreatedAt, session.UsedAt, session.Id == current))
            .ToListAsync(cancellationToken)));
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(Guid id, CurrentUser user, Sessions sessions, PrintCraftDb db, CancellationToken cancellationToken)
    {
        if (!await db.Sessions.AnyAsync(session => session.Id == id && session.UserId == user.Id, cancellationToken))
        {
            return Problem.Because(ProblemCode.NotFound, "There is no such session.");
        }

        await sessions.EndAsync(user.Id, id, cancellationToken);
        return TypedResults.NoContent();
    }
}
