namespace PrintCraft.Core.Identity;

/// <summary>What a user may be.</summary>
public static class Roles
{
    /// <summary>His own things.</summary>
    public const string User = "user";

    /// <summary>As a user, and may publish.</summary>
    public const string Creator = "creator";

    /// <summary>As a user, and may look at what helps others: users, audit, dead letters, health.</summary>
    public const string Support = "support";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [User, Creator, Support, Admin];

    /// <summary>The scopes that a role can have at most.</summary>
    public static IReadOnlyList<string> ScopesOf(string role) => role is Support or Admin ? [Scopes.Read, Scopes.Write, Scopes.Admin] : [Scopes.Read, Scopes.Write];
}

/// <summary>What a credential may do with the rights of its user.</summary>
public static class Scopes
{
    public const string Read = "read";
    public const string Write = "write";

    /// <summary>Administration, for those whose role allows it.</summary>
    public const string Admin = "admin";

    public static IReadOnlyList<string> All { get; } = [Read, Write, Admin];
}
