using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <param name="Password">8 to 128 characters.</param>
/// <param name="FirstName">1 to 100 characters.</param>
/// <param name="LastName">1 to 100 characters.</param>
public sealed record RegisterRequest(string? Email = null, string? Password = null, string? FirstName = null, string? LastName = null);

/// <summary>Opens a local account: user, empty credit account, letter and audit entry in one transaction. The welcome credits come with the verified address.</summary>
internal static class Register
{
    private const string UniqueEmail = "ix_users_normalized_email";

    public static async Task<Results<Created<AccountResource>, ProblemHttpResult>> HandleAsync(
        RegisterRequest request, PrintCraftDb db, UserManager<User> users, AccountLetters letters, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfRegistration(request.Email, request.Password, request.FirstName, request.LastName) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var now = time.GetUtcNow().InMicroseconds();
        var user = new User
        {
            Id = Guid.CreateVersion7(now),
            Email = request.Email,
            Name = $"{request.FirstName} {request.LastName}",
            FirstName = request.FirstName,
            LastName = request.LastName,
            CreatedAt = now,
            UpdatedAt = now,
        };
        // Before the transaction, which should not wait for so slow a thing.
        user.PasswordHash = users.PasswordHasher.HashPassword(user, request.Password!);
        try
        {
            return await db.InTransactionAsync(OpenAsync, cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: UniqueEmail })
        {
            return Problem.Because(ProblemCode.Conflict, "There is an account with this e-mail address.");
        }

        async Task<Results<Created<AccountResource>, ProblemHttpResult>> OpenAsync(CancellationToken token)
        {
            // Saves the user. That the address is known only the index can tell without a race.
            (await users.CreateAsync(user)).Demand();
            db.Accounts.Add(new Account { UserId = user.Id, Available = 0, Held = 0 });
            letters.WriteVerification(user, await users.GenerateEmailConfirmationTokenAsync(user), now);
            db.Audit(user.Id, user.Id, "user.registered", new { user.Email }, now);
            await db.SaveChangesAsync(token);
            return TypedResults.Created($"/api/v1/users/{user.Id}", AccountResource.Of(user));
        }
    }
}
