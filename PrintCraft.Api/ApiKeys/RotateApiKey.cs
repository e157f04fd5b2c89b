using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

/// <summary>
/// Gives a key a new secret. A lost answer leaves a key that nobody has and an old one that stopped: its owner rotates again.
/// </summary>
internal static class RotateApiKey
{
    public static async Task<Results<Ok<ApiKeyResource>, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, PrintCraftDb db, Callers callers, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var secret = ApiKeySecret.Mint();
        var answer = await db.InTransactionAsync(RotateAsync, cancellationToken);
        callers.Forget(user.Id);
        return answer;

        async Task<Results<Ok<ApiKeyResource>, ProblemHttpResult>> RotateAsync(CancellationToken token)
        {
            var locked = await db.ApiKeys
                .FromSql($"SELECT * FROM api_keys WHERE id = {id} AND user_id = {user.Id} AND revoked_at IS NULL FOR NO KEY UPDATE")
                .AsNoTracking()
                .ToListAsync(token);
            if (locked is not [var key])
            {
                return ListApiKeys.NotFound;
            }

            if (key.ExpiresAt <= now)
            {
                return Problem.Because(ProblemCode.Conflict, "The key has expired: create another one.");
            }

            var (prefix, hash) = (ApiKeySecret.PrefixOf(secret), ApiKeySecret.HashOf(secret));
            await db.ApiKeys.Where(row => row.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Prefix, prefix).SetProperty(row => row.Hash, hash).SetProperty(row => row.RotatedAt, now), token);
            db.Audit(user.Id, user.Id, "api_key.rotated", new { key.Id, prefix = new { from = key.Prefix, to = prefix } }, now);
            await db.SaveChangesAsync(token);
            return TypedResults.Ok(ApiKeyResource.Of(key) with { Prefix = prefix, RotatedAt = now, Key = secret });
        }
    }
}
