using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;

namespace PrintCraft.Core.Identity;

public static class UserLock
{
    /// <summary>
    /// The user, locked to the end of the transaction against others who change him or count his things; jobs and credits of his go on. Null when
    /// there is none. Belongs in a transaction.
    /// </summary>
    public static async Task<User?> LockUserAsync(this PrintCraftDb db, Guid id, CancellationToken cancellationToken) =>
        (await db.Users.FromSql($"SELECT * FROM users WHERE id = {id} FOR NO KEY UPDATE").ToListAsync(cancellationToken)).SingleOrDefault();
}
