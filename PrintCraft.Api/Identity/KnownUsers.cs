using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Makes sure that somebody whom another authority vouches for has a row, an account and, once per verified identity, the welcome credits. A Firebase
/// user's role and address are what Firebase says now: his API keys go by the row, so a right that was taken there ends here too.
/// </summary>
internal sealed class KnownUsers(IServiceScopeFactory scopes, TwoLevelCache cache)
{
    /// <summary>False when the user was disabled here. Safe to repeat and to race; the database alone decides who is new.</summary>
    /// <param name="identity">What was verified; null gives no welcome credits.</param>
    public async Task<bool> EnsureAsync(User user, string? identity, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await db.EnsureUserAsync(user, identity, cancellationToken);
        var known = await db.Users.AsNoTracking().SingleAsync(known => known.Id == user.Id, cancellationToken);
        if ((user.FirebaseUid is not null || user.Role != Roles.User) && (known.Role, known.Email, known.EmailConfirmed) != (user.Role, user.Email, user.EmailConfirmed))
        {
            await db.InTransactionAsync(token => UpdateAsync(db, known, user, token), cancellationToken);
            await cache.DropAsync(CacheTag.User(user.Id), CancellationToken.None);
        }

        return known.DisabledAt is null;
    }

    private static async Task<int> UpdateAsync(PrintCraftDb db, User known, User said, CancellationToken cancellationToken)
    {
        // Of several requests that saw the old row one writes.
        var rows = await db.Users.Where(user => user.Id == known.Id && user.UpdatedAt == known.UpdatedAt).ExecuteUpdateAsync(
            set => set.SetProperty(user => user.Role, said.Role)
                .SetProperty(user => user.Email, said.Email)
                .SetProperty(user => user.EmailConfirmed, said.EmailConfirmed)
                .SetProperty(user => user.UpdatedAt, said.UpdatedAt),
            cancellationToken);
        if (rows == 1)
        {
            var changes = Changes.Between(new { known.Role, known.Email, EmailVerified = known.EmailConfirmed }, new { said.Role, said.Email, EmailVerified = said.EmailConfirmed });
            db.Audit(known.Id, null, "user.vouched_for", changes, said.UpdatedAt);
        }

        return await db.SaveChangesAsync(cancellationToken);
    }
}
