using System.Security.Claims;
using System.Text.Encodings.Web;

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Takes the development credential as a Bearer token (RFC 6750). Without a key, nobody gets in.</summary>
internal sealed class DevelopmentAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IOptions<IdentityOptions> options,
    KnownUsers users) : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, logger, encoder)
{
    public new const string Scheme = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Only where a caller is asked for: a probe that sends a header must not need the database.
        if (Token is not { } token || Context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is null)
        {
            return AuthenticateResult.NoResult();
        }

        if (options.Value.DevelopmentKey is not { Length: > 0 } key || !DevelopmentCredential.TryRead(key, token, out var name))
        {
            return AuthenticateResult.Fail("Not a development credential of this run.");
        }

        var id = DevelopmentCredential.UserId(name);
        await users.EnsureAsync(id, name, Context.RequestAborted);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, name)], Scheme);
        if (name == Roles.Admin)
        {
            // Until there are accounts with roles. The credential itself works only in Development and Testing.
            identity.AddClaim(new Claim(ClaimTypes.Role, Roles.Admin));
        }

        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = Token is null ? Scheme : $"{Scheme} error=\"invalid_token\"";
        return ProblemRegistration.WriteAsync(Context, Token is null ? ProblemCode.MissingToken : ProblemCode.InvalidToken);
    }

    private string? Token => Request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        ? header["Bearer ".Length..].Trim()
        : null;
}
