using Microsoft.AspNetCore.Authorization;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>What an endpoint can ask of its caller. One that asks nothing and does not say AllowAnonymous is refused.</summary>
internal static class Policies
{
    public const string ScopeClaim = "scope";

    /// <summary>Any caller with the scope that the method needs: read for GET and HEAD, write for the rest (<see cref="NeedsScope"/> to differ).</summary>
    public const string Caller = "caller";

    /// <summary>As <see cref="Caller"/>, but no API key: for what could widen the key's own rights.</summary>
    public const string Person = "person";

    /// <summary>Support and administrators, with the scope admin.</summary>
    public const string Support = "support";

    /// <summary>Administrators, with the scope admin.</summary>
    public const string Admin = "admin";

    public static void Configure(AuthorizationOptions options)
    {
        var caller = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(HasScope).Build();
        options.AddPolicy(Caller, caller);
        options.AddPolicy(Person, policy => policy.Combine(caller).RequireAssertion(context => context.User.HasClaim(claim => claim.Type == "kind" && claim.Value != nameof(CredentialKind.ApiKey))));
        options.AddPolicy(Support, policy => policy.RequireRole(Roles.Support, Roles.Admin).RequireClaim(ScopeClaim, Scopes.Admin));
        options.AddPolicy(Admin, policy => policy.RequireRole(Roles.Admin).RequireClaim(ScopeClaim, Scopes.Admin));
        options.DefaultPolicy = caller;
        // Without an endpoint of ours there is nothing to protect: that is routing's 404, 405 or 415, not a 401.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(context => context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build();
    }

    /// <summary>Says which scope an endpoint needs, whatever its method.</summary>
    public static TBuilder NeedsScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NeededScope(scope));

    /// <summary>What a caller who was refused lacks; and the scope, if a credential of his with more of them would do.</summary>
    public static (string Reason, string? Scope) WhyForbidden(HttpContext http)
    {
        var asked = http.GetEndpoint()!.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToHashSet();
        IReadOnlyList<string> roles = asked.Contains(Admin) ? [Roles.Admin] : asked.Contains(Support) ? [Roles.Support, Roles.Admin] : Roles.All;
        var scope = roles == Roles.All ? ScopeNeeded(http) : Scopes.Admin;
        return !roles.Any(http.User.IsInRole) ? ($"This needs the role {string.Join(" or ", roles)}.", null)
            : !http.User.HasClaim(ScopeClaim, scope) ? ($"This needs a credential with the scope {scope}.", scope)
            : ("An API key may not do this: sign in yourself.", null);
    }

    private static bool HasScope(AuthorizationHandlerContext context) => context.Resource is HttpContext http && context.User.HasClaim(ScopeClaim, ScopeNeeded(http));

    private static string ScopeNeeded(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<NeededScope>()?.Scope ?? ScopeOf(http.Request.Method);

    private static string ScopeOf(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? Scopes.Read : Scopes.Write;

    private sealed record NeededScope(string Scope);
}
