using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Identity;

internal static class AuthEndpoints
{
    public static IEndpointRouteBuilder MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/auth").WithTags("Authentication").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        MapDoor(group.MapGroup("").AllowAnonymous());
        MapSessions(group.MapGroup("").RequireAuthorization(Policies.Person).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden));
        return routes;
    }

    /// <summary>For who has no credential yet. All that is guessed at or costs a letter is here: this is where limits on attempts belong.</summary>
    private static void MapDoor(RouteGroupBuilder group)
    {
        group.ProducesProblem(StatusCodes.Status400BadRequest);

        group.MapPost("/register", Register.HandleAsync)
            .WithName("register")
            .WithSummary("Open a local account")
            .WithDescription("A letter with a code goes to the address; the welcome credits come when it is verified.")
            .ProducesProblem(StatusCodes.Status409Conflict);

        group.MapPost("/login", Login.HandleAsync)
            .WithName("login")
            .WithSummary("Sign in with e-mail address and password")
            .WithDescription("Begins a session for one device. Unknown address, wrong password, locked and disabled account have the same answer, invalid_credentials.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);

        group.MapPost("/refresh", SessionEndpoints.RefreshAsync)
            .WithName("refreshSession")
            .WithSummary("Get new tokens for a refresh token")
            .WithDescription("A refresh token is good once. One that comes again, even at the same moment, ends its session for everybody: sign in again then.")
            .ProducesProblem(StatusCodes.Status401Unauthorized);

        group.MapPost("/password-reset", ResetPassword.RequestAsync)
            .WithName("requestPasswordReset")
            .WithSummary("Have a letter sent that lets you choose a new password")
            .WithDescription("The answer is the same whether there is such an account or not.");

        group.MapPost("/password-reset/confirm", ResetPassword.ConfirmAsync)
            .WithName("resetPassword")
            .WithSummary("Choose a new password with the code of the letter")
            .WithDescription("Ends every session and opens a locked account.");

        group.MapPost("/verify-email", VerifyEmail.HandleAsync)
            .WithName("verifyEmail")
            .WithSummary("Verify your address with the code of the letter")
            .WithDescription("Brings the welcome credits, once per address. Repeating it changes nothing.");

        group.MapPost("/verify-email/resend", VerifyEmail.ResendAsync)
            .WithName("resendVerification")
            .WithSummary("Have the letter with the code sent again")
            .WithDescription("The answer is the same whether there is such an account or not.");
    }

    /// <summary>For who is signed in; not for API keys.</summary>
    private static void MapSessions(RouteGroupBuilder group)
    {
        group.MapDelete("/logout", SessionEndpoints.LogoutAsync)
            .WithName("logout")
            .WithSummary("End this session, or with everywhere=true all of yours")
            .WithDescription("Its tokens are refused from then on, by all servers within a minute.");

        group.MapPost("/password", ChangePassword.HandleAsync)
            .WithName("changePassword")
            .WithSummary("Change your password")
            .WithDescription("Ends your other sessions. Wrong current passwords count as failed sign-ins.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict);

        group.MapGet("/sessions", SessionEndpoints.ListAsync)
            .WithName("listSessions")
            .WithSummary("List the devices on which you are signed in")
            .WithDescription("The last used one first, at most 100.");

        group.MapDelete("/sessions/{id:guid}", SessionEndpoints.RevokeAsync)
            .WithName("revokeSession")
            .WithSummary("Sign a device out")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    /// <summary>A 401 that says by what one could get in (RFC 9110, 11.6.1).</summary>
    public static ProblemHttpResult Refuse(this HttpResponse response, ProblemCode code, string? detail = null)
    {
        response.Headers.WWWAuthenticate = BearerAuthentication.Scheme;
        return Problem.Because(code, detail);
    }

    /// <summary>Wrong, used, too old, or there is no such account: nobody is told which.</summary>
    public static ProblemHttpResult WrongCode() =>
        Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("token", "is wrong, was used or is too old; have a new letter sent")]);
}
