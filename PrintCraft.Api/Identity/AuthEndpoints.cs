using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Identity;

internal static class AuthEndpoints
{
    public static IEndpointRouteBuilder MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/auth").AnswersHead().WithTags("Authentication");
        MapDoor(group.MapGroup("").AllowAnonymous());
        MapSessions(group.MapGroup("").RequireAuthorization(Policies.Person));
        return routes;
    }

    /// <summary>For who has no credential yet. What can be guessed at is limited by account and address; a refresh token cannot be.</summary>
    private static void MapDoor(RouteGroupBuilder group)
    {
        group.MapPost("/register", Register.HandleAsync)
            .WithName("register")
            .WithSummary("Open a local account")
            .WithDescription("A letter with a code goes to the address; the welcome credits come when it is verified.")
            .WithExample(AuthExamples.Registration, AuthExamples.User)
            .WithAuthLimit<RegisterRequest>(request => request.Email)
            .Fails(ProblemCode.Conflict);

        group.MapPost("/login", Login.HandleAsync)
            .WithName("login")
            .WithSummary("Sign in with e-mail address and password")
            .WithDescription("Begins a session for one device. Unknown address, wrong password, locked and disabled account have the same answer, invalid_credentials.")
            .WithExample(AuthExamples.Login, AuthExamples.Tokens)
            .WithAuthLimit<LoginRequest>(request => request.Email)
            .Fails(ProblemCode.InvalidCredentials);

        group.MapPost("/refresh", SessionEndpoints.RefreshAsync)
            .WithName("refreshSession")
            .WithSummary("Get new tokens for a refresh token")
            .WithDescription("A refresh token is good once. One that comes again, even at the same moment, ends its session for everybody: sign in again then.")
            .WithExample(AuthExamples.Refresh, AuthExamples.Tokens)
            .Fails(ProblemCode.InvalidToken);

        group.MapPost("/password-reset", ResetPassword.RequestAsync)
            .WithName("requestPasswordReset")
            .WithSummary("Have a letter sent that lets you choose a new password")
            .WithDescription("The answer is the same whether there is such an account or not.")
            .WithExample(AuthExamples.Address)
            .WithAuthLimit<EmailRequest>(request => request.Email, countsSuccess: true);

        group.MapPost("/password-reset/confirm", ResetPassword.ConfirmAsync)
            .WithName("resetPassword")
            .WithSummary("Choose a new password with the code of the letter")
            .WithDescription("Ends every session and opens a locked account.")
            .WithExample(AuthExamples.Reset)
            .WithAuthLimit<ResetPasswordRequest>(request => request.Email);

        group.MapPost("/verify-email", VerifyEmail.HandleAsync)
            .WithName("verifyEmail")
            .WithSummary("Verify your address with the code of the letter")
            .WithDescription("Brings the welcome credits, once per address. Repeating it changes nothing.")
            .WithExample(AuthExamples.Verification)
            .WithAuthLimit<VerifyEmailRequest>(request => request.Email);

        group.MapPost("/verify-email/resend", VerifyEmail.ResendAsync)
            .WithName("resendVerification")
            .WithSummary("Have the letter with the code sent again")
            .WithDescription("The answer is the same whether there is such an account or not.")
            .WithExample(AuthExamples.Address)
            .WithAuthLimit<EmailRequest>(request => request.Email, countsSuccess: true);
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
            .WithExample(AuthExamples.Change)
            .Fails(ProblemCode.Conflict);

        group.MapGet("/sessions", SessionEndpoints.ListAsync)
            .WithName("listSessions")
            .WithSummary("List the devices on which you are signed in")
            .WithDescription("The last used one first, at most 100.")
            .WithExample(answer: AuthExamples.Sessions);

        group.MapDelete("/sessions/{id:guid}", SessionEndpoints.RevokeAsync)
            .WithName("revokeSession")
            .WithSummary("Sign a device out")
            .Fails(ProblemCode.NotFound);
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
