using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Who is calling: the one thing that endpoints know of authentication.</summary>
public sealed class CurrentUser(IHttpContextAccessor accessor)
{
    public Guid Id => Caller.UserId;

    public string Role => Caller.Role;

    public CredentialKind Kind => Caller.Kind;

    /// <summary>The session or API key that was used.</summary>
    public Guid? CredentialId => Caller.CredentialId;

    /// <summary>May look at other people's things.</summary>
    public bool IsSupport => Role is Roles.Support or Roles.Admin && HasScope(Core.Identity.Scopes.Admin);

    public bool IsAdmin => Role == Roles.Admin && HasScope(Core.Identity.Scopes.Admin);

    public IReadOnlyList<string> Scopes => Caller.Scopes;

    public bool HasScope(string scope) => Caller.Scopes.Contains(scope);

    private Caller Caller =>
        accessor.HttpContext?.Features.Get<Caller>() ?? throw new InvalidOperationException("No caller: is the endpoint behind RequireAuthorization?");
}
