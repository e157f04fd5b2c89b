using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Begins, continues and ends sessions, each with its audit entry in one transaction. A refresh token is good once. One that comes a second time was
/// copied, by whomever: the session ends for both. So two requests with the same token at the same moment end it too, and so does repeating
/// one whose answer was lost; that costs a sign-in.
/// </summary>
internal sealed class Sessions(PrintCraftDb db, AccessTokens access, Callers callers, IOptions<AccountOptions> options, TimeProvider time)
{
    private readonly AccountOptions _options = options.Value;

    /// <summary>Adds a session to the context; whoever opened the transaction saves and commits.</summary>
    public SessionTokens Open(User user, string device, DateTimeOffset now)
    {
        var token = RefreshToken.Create(Guid.CreateVersion7(now));
        db.Sessions.Add(new Session
        {
            Id = token.SessionId,
            UserId = user.Id,
            RefreshHash = token.Hash,
            Device = device,
            CreatedAt = now,
            UsedAt = now,
            ExpiresAt = (now + _options.RefreshLifetime).InMicroseconds(),
        });
        db.Audit(user.Id, user.Id, "session.created", new { SessionId = token.SessionId, Device = device }, now);
        return Tokens(user, token);
    }

    /// <summary>New tokens for a refresh token that is good; null for any other.</summary>
    public async Task<SessionTokens?> RefreshAsync(RefreshToken token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var (next, until) = (RefreshToken.Create(token.SessionId), (now + _options.RefreshLifetime).InMicroseconds());
        var user = await db.Users
            .FromSql(
                $"""
                UPDATE sessions SET refresh_hash = {next.Hash}, used_at = {now}, expires_at = {until} FROM users
                WHERE sessions.id = {token.SessionId} AND refresh_hash = {token.Hash} AND revoked_at IS NULL AND expires_at > {now}
                    AND users.id = user_id AND disabled_at IS NULL
                RETURNING users.*
                """)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        if (user is [var owner])
        {
            return Tokens(owner, next);
        }

        await EndReusedAsync(token, now, cancellationToken);
        return null;
    }

    /// <summary>
    /// Ends sessions of a user that go on, in a transaction of its own; safe to repeat. Takes effect at once here, elsewhere within
    /// <see cref="IdentityOptions.Memory"/>.
    /// </summary>
    /// <param name="only">One session; null for all.</param>
    public async Task EndAsync(Guid userId, Guid? only, CancellationToken cancellationToken)
    {
        await db.InTransactionAsync(inside => EndInsideAsync(userId, only, null, "logout", time.GetUtcNow().InMicroseconds(), inside), cancellationToken);
        callers.Forget();
    }

    /// <summary>Ends sessions in the caller's transaction, who forgets the recognised callers after its commit.</summary>
    /// <param name="except">The session that goes on; null for none.</param>
    /// <param name="because">logout, password, admin.</param>
    public async Task<int> EndInsideAsync(Guid userId, Guid? only, Guid? except, string because, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await db.Database
            .SqlQuery<Guid>(
                $"""
                UPDATE sessions SET revoked_at = {now}, revoked_because = {because}
                WHERE user_id = {userId} AND revoked_at IS NULL AND ({only}::uuid IS NULL OR id = {only}) AND ({except}::uuid IS NULL OR id <> {except})
                RETURNING id
                """)
            .ToListAsync(cancellationToken);
        ended.ForEach(id => db.Audit(userId, userId, "session.revoked", new { SessionId = id, Because = because }, now));
        return await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>A session that goes on under another token: this one was used before.</summary>
    private async Task EndReusedAsync(RefreshToken token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await db.InTransactionAsync(
            async inside =>
            {
                var owner = await db.Database
                    .SqlQuery<Guid>(
                        $"""
                        UPDATE sessions SET revoked_at = {now}, revoked_because = 'reuse'
                        WHERE id = {token.SessionId} AND refresh_hash <> {token.Hash} AND revoked_at IS NULL RETURNING user_id
                        """)
                    .ToListAsync(inside);
                owner.ForEach(userId => db.Audit(userId, null, "session.reused", new { token.SessionId }, now));
                return await db.SaveChangesAsync(inside);
            },
            cancellationToken);
        if (ended > 0)
        {
            callers.Forget();
        }
    }

    private SessionTokens Tokens(User user, RefreshToken token) => new(
        access.Issue(user.Id, token.SessionId), "Bearer", (int)_options.AccessLifetime.TotalSeconds, token.Text, (int)_options.RefreshLifetime.TotalSeconds, AccountResource.Of(user));
}
