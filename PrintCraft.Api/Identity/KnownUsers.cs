using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Makes sure that somebody whom another authority vouches for has a row, an account and, once per verified identity, the welcome credits.</summary>
internal sealed class KnownUsers(IServiceScopeFactory scopes)
{
    /// <summary>False when the user was disabled here. Safe to repeat and to race; the database alone decides who is new.</summary>
    /// <param name="identity">What was verified; null gives no welcome credits.</param>
    public async Task<bool> EnsureAsync(User user, string? identity, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await db.EnsureUserAsync(user, identity, cancellationToken);
        return await db.Users.AnyAsync(known => known.Id == user.Id && known.DisabledAt == null, cancellationToken);
    }
}
