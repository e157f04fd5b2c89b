using System.Text.Encodings.Web;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Takes a credential of any kind as Bearer token (RFC 6750), and an API key also in <c>X-API-Key</c>. Never from the address: addresses are logged.
/// </summary>
internal sealed class BearerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions, ILoggerFactory logger, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, logger, encoder)
{
    public new const string Scheme = "Bearer";
    public const string ApiKeyHeader = "X-API-Key";

    /// <summary>No credential is longer; a longer text is not even looked at.</summary>
    private const int MaxLength = 8192;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Only where a caller is asked for: a probe that sends a header must not need the database.
        if (Credential is not { } credential || Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (credential.Length > MaxLength || await callers.RecogniseAsync(credential, Context.RequestAborted) is not { } caller)
        {
            return AuthenticateResult.Fail("The credential is not valid.");
        }

        Context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Credential is null ? Scheme : $"{Scheme} error=\"invalid_token\"";
        return ProblemRegistration.WriteAsync(Context, Credential is null ? ProblemCode.MissingToken : ProblemCode.InvalidToken);
    }

    /// <summary>403 says what is missing (RFC 6750, 3.1), so that nobody has to guess which of key, role and account is too small.</summary>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var (reason, scope) = Policies.WhyForbidden(Context);
        if (scope is not null)
        {
            Response.Headers.WWWAuthenticate = $"{Scheme} error=\"insufficient_scope\", scope=\"{scope}\"";
        }

        return ProblemRegistration.WriteAsync(Context, ProblemCode.Forbidden, reason);
    }

    private string? Credential => CredentialOf(Request);

    /// <summary>What was sent to get in by; null when nothing was.</summary>
    public static string? CredentialOf(HttpRequest request) => request.Headers.Authorization.ToString() is { Length: > 0 } header
        ? header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null
        : request.Headers[ApiKeyHeader].ToString() is var key && key.StartsWith(ApiKeySecret.Start, StringComparison.Ordinal) ? key : null;
}
