namespace PrintCraft.Api.Identity;

/// <summary>What a caller may be, beside a user. Each is also the name of the policy that asks for it.</summary>
internal static class Roles
{
    public const string Admin = "admin";
}
