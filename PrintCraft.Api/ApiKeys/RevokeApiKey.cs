using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

internal static class RevokeApiKey
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, PrintCraftDb db, Callers callers, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var isKnown = await db.InTransactionAsync(RevokeAsync, cancellationToken);
        callers.Forget(user.Id);
        return isKnown ? TypedResults.NoContent() : ListApiKeys.NotFound;

        async Task<bool> RevokeAsync(CancellationToken token)
        {
            var mine = db.ApiKeys.Where(key => key.Id == id && key.UserId == user.Id);
            if (await mine.Where(key => key.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), token) == 0)
            {
                return await mine.AnyAsync(token);
            }

            db.Audit(user.Id, user.Id, "api_key.revoked", new { id, revokedAt = new { from = (DateTimeOffset?)null, to = now } }, now);
            await db.SaveChangesAsync(token);
            return true;
        }
    }
}
