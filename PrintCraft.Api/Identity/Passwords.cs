using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>A right password.</summary>
/// <param name="Hash">That it was checked against: what is done because of it is done only while it is still the user's.</param>
/// <param name="NewHash">The same, or one as strong as hashes are today.</param>
internal sealed record CheckedPassword(User User, string Hash, string NewHash);

/// <summary>
/// Checks passwords of local accounts. An attempt is counted before it is checked, so that guesses made at the same time are counted too; a right
/// password takes the count back. A crash in between leaves one attempt too many, which the next right password forgives.
/// </summary>
internal sealed class Passwords(
    PrintCraftDb db, ILookupNormalizer normalizer, IPasswordHasher<User> hasher, DecoyPassword decoy, IOptions<AccountOptions> options, TimeProvider time)
{
    /// <summary>Null for an unknown address, a wrong password, a locked and a disabled account alike, after the same work.</summary>
    public async Task<CheckedPassword?> CheckAsync(string email, string password, CancellationToken cancellationToken)
    {
        var user = await TakeAttemptAsync(normalizer.NormalizeEmail(email), cancellationToken);
        var hash = user?.PasswordHash ?? decoy.Hash;
        var result = hasher.VerifyHashedPassword(user ?? decoy.Nobody, hash, password);
        if (user is not null && result != PasswordVerificationResult.Failed)
        {
            return new(user, hash, result == PasswordVerificationResult.SuccessRehashNeeded ? hasher.HashPassword(user, password) : hash);
        }

        if (user?.LockoutEnd is not null)
        {
            await LockAsync(user.Id, cancellationToken);
        }

        return null;
    }

    /// <summary>Takes the count back and keeps the stronger hash, in the caller's transaction; false when the password was changed or the account disabled meanwhile.</summary>
    public async Task<bool> AcceptAsync(CheckedPassword right, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == right.User.Id && user.PasswordHash == right.Hash && user.DisabledAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(user => user.AccessFailedCount, 0)
                .SetProperty(user => user.LockoutEnd, (DateTimeOffset?)null)
                .SetProperty(user => user.PasswordHash, right.NewHash),
            cancellationToken) == 1;

    /// <summary>
    /// The user, if he may try; the last attempt that is allowed locks the account for as long as it is checked. The commit does not wait for the disk:
    /// an address that nobody has would not either.
    /// </summary>
    private async Task<User?> TakeAttemptAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var (max, end) = (options.Value.MaxFailures, now + options.Value.LockoutTime);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync($"SET LOCAL synchronous_commit = off", cancellationToken);
        var users = await db.Users
            .FromSql(
                $"""
                UPDATE users SET access_failed_count = CASE WHEN access_failed_count + 1 >= {max} THEN 0 ELSE access_failed_count + 1 END,
                    lockout_end = CASE WHEN access_failed_count + 1 >= {max} THEN {end}::timestamptz END
                WHERE normalized_email = {normalizedEmail} AND disabled_at IS NULL AND (lockout_end IS NULL OR lockout_end <= {now})
                RETURNING *
                """)
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return users.SingleOrDefault();
    }

    /// <summary>The last attempt was wrong: the lock stays, from now on. A crash before leaves it too, without its audit entry.</summary>
    private Task<int> LockAsync(Guid userId, CancellationToken cancellationToken) => db.InTransactionAsync(
        async inside =>
        {
            var now = time.GetUtcNow().InMicroseconds();
            var end = now + options.Value.LockoutTime;
            await db.Database.ExecuteSqlAsync($"UPDATE users SET lockout_end = {end} WHERE id = {userId} AND lockout_end IS NOT NULL", inside);
            db.Audit(userId, null, "user.locked_out", new { Until = end }, now);
            return await db.SaveChangesAsync(inside);
        },
        cancellationToken);
}
