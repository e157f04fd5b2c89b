using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

public sealed record EmailRequest(string? Email = null);

/// <param name="Token">The code of the letter.</param>
public sealed record VerifyEmailRequest(string? Email = null, string? Token = null);

/// <summary>An address is verified by the code that was sent there. That brings the welcome credits, once per address for ever.</summary>
internal static class VerifyEmail
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        VerifyEmailRequest request, PrintCraftDb db, UserManager<User> users, TwoLevelCache cache, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfVerification(request.Email, request.Token) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        if (await db.InTransactionAsync(ConfirmAsync, cancellationToken) is not { } userId)
        {
            return AuthEndpoints.WrongCode();
        }

        await cache.DropAsync(CacheTag.User(userId), CancellationToken.None);
        return TypedResults.NoContent();

        async Task<Guid?> ConfirmAsync(CancellationToken token)
        {
            var now = time.GetUtcNow().InMicroseconds();
            var user = await db.LockAccountAsync(users.NormalizeEmail(request.Email), token);
            var wasConfirmed = user?.EmailConfirmed;
            if (user is null || !(await users.ConfirmEmailAsync(user, request.Token!)).Succeeded)
            {
                return null;
            }

            if (wasConfirmed is false)
            {
                user.UpdatedAt = now;
                db.Audit(user.Id, user.Id, "user.email_verified", new { user.Email }, now);
                await db.SaveChangesAsync(token);
                await db.WelcomeAsync(user, now, token);
            }

            return user.Id;
        }
    }

    public static async Task<Results<Accepted, ProblemHttpResult>> ResendAsync(
        EmailRequest request, PrintCraftDb db, UserManager<User> users, AccountLetters letters, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfEmail(request.Email) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var now = time.GetUtcNow().InMicroseconds();
        var email = users.NormalizeEmail(request.Email);
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.NormalizedEmail == email && user.DisabledAt == null, cancellationToken) is { EmailConfirmed: false } user)
        {
            letters.WriteVerification(user, await users.GenerateEmailConfirmationTokenAsync(user), now);
        }
        else
        {
            letters.WriteToNobody(now);
        }

        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Accepted((string?)null);
    }
}
