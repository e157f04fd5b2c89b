using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <param name="Device">By which its owner will know the session again; 1 to 100 characters.</param>
public sealed record LoginRequest(string? Email = null, string? Password = null, string? Device = null);

/// <summary>Begins a session for a right password. Every other case has the same answer after the same work.</summary>
internal static class Login
{
    private const string UnnamedDevice = "unnamed device";

    public static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> HandleAsync(
        LoginRequest request, HttpResponse response, Passwords passwords, Sessions sessions, PrintCraftDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AccountRules.OfLogin(request.Email, request.Password, request.Device) is { Count: > 0 } errors)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        return await passwords.CheckAsync(request.Email!, request.Password!, cancellationToken) is { } right
            && await db.InTransactionAsync(OpenAsync, cancellationToken) is { } tokens
            ? TypedResults.Ok(tokens)
            : response.Refuse(ProblemCode.InvalidCredentials);

        async Task<SessionTokens?> OpenAsync(CancellationToken token)
        {
            if (!await passwords.AcceptAsync(right, token))
            {
                return null;
            }

            var opened = sessions.Open(right.User, request.Device ?? UnnamedDevice, time.GetUtcNow().InMicroseconds());
            await db.SaveChangesAsync(token);
            return opened;
        }
    }
}
