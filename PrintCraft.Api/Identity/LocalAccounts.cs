using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Reads local accounts.</summary>
internal static class LocalAccounts
{
    /// <summary>
    /// The account of that address, locked until the transaction ends, so that whoever changes it does so one after the other. Null when there is none or it is disabled.
    /// </summary>
    public static async Task<User?> LockAccountAsync(this PrintCraftDb db, string? normalizedEmail, CancellationToken cancellationToken) =>
        (await db.Users.FromSql($"SELECT * FROM users WHERE normalized_email = {normalizedEmail} AND disabled_at IS NULL FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();

    /// <summary>Gives the welcome credits, in the caller's transaction, if no account with this address ever got them.</summary>
    public static Task WelcomeAsync(this PrintCraftDb db, User user, DateTimeOffset now, CancellationToken cancellationToken) =>
        db.WelcomeAsync(user.Id, AccountRules.IdentityOf(user.Email!), now, cancellationToken);
}
