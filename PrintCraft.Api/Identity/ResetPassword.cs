using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <param name="Token">The code of the letter.</param>
/// <param name="Password">The new one; 8 to 128 characters.</param>
public sealed record ResetPasswordRequest(string? Email = null, string? Token = null, string? Password = null);

/// <summary>A new password for who gets the account's letters. It ends every session and opens a locked account.</summary>
internal static class ResetPassword
{
    public static async Task<Results<Accepted, ProblemHttpResult>> RequestAsync(
        EmailRequest request, PrintCraftDb db, UserManager<User> users, AccountLetters letters, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfEmail(request.Email) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var now = time.GetUtcNow().InMicroseconds();
        var email = users.NormalizeEmail(request.Email);
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email && user.DisabledAt == null, cancellationToken) is { } user)
        {
            letters.WriteReset(user, await users.GeneratePasswordResetTokenAsync(user), now);
        }
        else
        {
            letters.WriteToNobody(now);
        }

        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> ConfirmAsync(
        ResetPasswordRequest request, PrintCraftDb db, UserManager<User> users, Sessions sessions, Callers callers, TwoLevelCache cache, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfReset(request.Email, request.Token, request.Password) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        if (await db.InTransactionAsync(ResetAsync, cancellationToken) is not { } userId)
        {
            return AuthEndpoints.WrongCode();
        }

        callers.Forget();
        await cache.DropAsync(CacheTag.User(userId), CancellationToken.None);
        return TypedResults.NoContent();

        async Task<Guid?> ResetAsync(CancellationToken token)
        {
            var now = time.GetUtcNow().InMicroseconds();
            if (await db.LockAccountAsync(users.NormalizeEmail(request.Email), token) is not { } user)
            {
                return null;
            }

            // Saved with the new password, or not at all.
            (user.AccessFailedCount, user.LockoutEnd, user.UpdatedAt) = (0, null, now);
            if (!(await users.ResetPasswordAsync(user, request.Token!, request.Password!)).Succeeded)
            {
                return null;
            }

            db.Audit(user.Id, user.Id, "user.password_reset", null, now);
            await sessions.EndInsideAsync(user.Id, null, null, "password", now, token);
            return user.Id;
        }
    }
}
