using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <param name="NewPassword">8 to 128 characters.</param>
public sealed record ChangePasswordRequest(string? CurrentPassword = null, string? NewPassword = null);

/// <summary>A new password for who knows the old one; wrong ones count as at sign-in. It ends every other session.</summary>
internal static class ChangePassword
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        ChangePasswordRequest request,
        CurrentUser caller,
        Passwords passwords,
        PrintCraftDb db,
        UserManager<User> users,
        Sessions sessions,
        Callers callers,
        TwoLevelCache cache,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (AccountRules.OfPasswordChange(request.CurrentPassword, request.NewPassword) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        if (await db.Users.Where(user => user.Id == caller.Id && user.PasswordHash != null).Select(user => user.Email).SingleOrDefaultAsync(cancellationToken) is not { } email)
        {
            return Problem.Because(ProblemCode.Conflict, "This account has no password here.");
        }

        if (await passwords.CheckAsync(email, request.CurrentPassword!, cancellationToken) is not { } right || !await db.InTransactionAsync(ChangeAsync, cancellationToken))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("currentPassword", "is not the current password")]);
        }

        callers.Forget();
        await cache.DropAsync(CacheTag.User(caller.Id), CancellationToken.None);
        return TypedResults.NoContent();

        async Task<bool> ChangeAsync(CancellationToken token)
        {
            var now = time.GetUtcNow().InMicroseconds();
            if (await db.LockAccountAsync(right.User.NormalizedEmail, token) is not { } user || user.PasswordHash != right.Hash)
            {
                return false;
            }

            (user.AccessFailedCount, user.LockoutEnd, user.UpdatedAt) = (0, null, now);
            user.PasswordHash = users.PasswordHasher.HashPassword(user, request.NewPassword!);
            // Saves the user; what the old stamp sealed, letters that reset or verify, is good no more.
            (await users.UpdateSecurityStampAsync(user)).Demand();
            db.Audit(user.Id, user.Id, "user.password_changed", null, now);
            await sessions.EndInsideAsync(user.Id, null, caller.CredentialId, "password", now, token);
            return true;
        }
    }
}
