using System.Linq.Expressions;
using System.Text.Json.Serialization;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>Somebody.</summary>
/// <param name="Name">What to call him.</param>
/// <param name="Role">user, creator, support or admin.</param>
/// <param name="DisabledAt">Since when he is not let in any more.</param>
/// <param name="Credential">By what you came; only in the answer about yourself.</param>
public sealed record ProfileResource(
    Guid Id,
    string Name,
    string? Email,
    bool EmailVerified,
    string? FirstName,
    string? LastName,
    string Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? DisabledAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CredentialResource? Credential = null)
{
    internal static Expression<Func<User, ProfileResource>> Of { get; } = user => new ProfileResource(
        user.Id, user.Name, user.Email, user.EmailConfirmed, user.FirstName, user.LastName, user.Role, user.CreatedAt, user.UpdatedAt, user.DisabledAt, null);
}

/// <param name="Role">That it gives you; a provider of identities may give another one than yours here.</param>
/// <param name="Scopes">read, write, admin.</param>
public sealed record CredentialResource(CredentialKind Kind, string Role, IReadOnlyList<string> Scopes);
