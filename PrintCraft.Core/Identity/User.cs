using Microsoft.AspNetCore.Identity;

namespace PrintCraft.Core.Identity;

/// <summary>
/// Somebody who may own things, however he signs in. Beside the base's members for local accounts (e-mail, password hash, lock-out), which are null
/// or idle for everybody else.
/// </summary>
public sealed class User : IdentityUser<Guid>
{
    /// <summary>What to call him: given names, or what his first credential said.</summary>
    public required string Name { get; set; }

    public string? FirstName { get; set; }

    public string? LastName { get; set; }

    /// <summary>One of <see cref="Roles"/>. Firebase and development credentials bring the role of their own instead.</summary>
    public string Role { get; set; } = Roles.User;

    /// <summary>Firebase's uid, for those who sign in there.</summary>
    public string? FirebaseUid { get; init; }

    /// <summary>Since when no credential of his is taken any more.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }
}
