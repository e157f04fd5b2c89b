using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>Somebody, for the document.</summary>
internal static class UserExamples
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly ProfileResource Profile = new(
        new Guid("01980a5e-0000-7c4d-8a61-b2d3e4f50617"), "Ana Díaz", "ana@example.com", true, "Ana", "Díaz", Roles.User, At, At.AddDays(1), null);

    public static readonly ProfileResource Me = Profile with { Credential = new CredentialResource(CredentialKind.Session, Roles.User, [Scopes.Read, Scopes.Write]) };

    public static readonly ProfileResource Disabled = Profile with { DisabledAt = At.AddDays(1) };

    public static readonly UserRequest Names = new("Ana", "Díaz");

    public static readonly RoleRequest Role = new(Roles.Creator);

    public static readonly Page<ProfileResource> Page = new([Profile], PagePagination.Of(1, 20, 1));

    public static readonly PreferencesRequest NewPreferences = new("watercolor", "high", "poster", new NotificationRequest(true, false));

    public static readonly PreferencesResource Preferences = new("watercolor", "high", "poster", new NotificationPreferences(true, false), 1, At);
}
