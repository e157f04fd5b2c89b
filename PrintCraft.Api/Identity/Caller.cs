using System.Security.Claims;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>By what somebody was recognised.</summary>
public enum CredentialKind
{
    /// <summary>Of this run of the AppHost; only in Development and Testing.</summary>
    Development,

    /// <summary>An ID token of Firebase.</summary>
    Firebase,

    /// <summary>An access token of a local account's session.</summary>
    Session,

    ApiKey,
}

/// <summary>Who is calling, and what his credential lets him do: the same for every kind of credential.</summary>
/// <param name="CredentialId">The session or API key; null for the other kinds.</param>
public sealed record Caller(Guid UserId, CredentialKind Kind, string Role, IReadOnlyList<string> Scopes, Guid? CredentialId = null)
{
    private ClaimsPrincipal? _principal;

    /// <summary>For the framework's authorization; made once, however many requests the credential brings.</summary>
    public ClaimsPrincipal Principal => _principal ??= new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, UserId.ToString()),
            new Claim(ClaimTypes.Role, Role),
            new Claim("kind", Kind.ToString()),
            .. Scopes.Select(scope => new Claim(Policies.ScopeClaim, scope)),
        ],
        BearerAuthentication.Scheme));

    /// <summary>Somebody who signed in himself, with all that his role allows.</summary>
    public static Caller Person(Guid userId, CredentialKind kind, string role, Guid? credentialId = null) =>
        new(userId, kind, role, Roles.ScopesOf(role), credentialId);
}
