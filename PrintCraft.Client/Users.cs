using System.Text.Json;

namespace PrintCraft.Client;

/// <summary>Somebody.</summary>
/// <param name="Name">What to call him.</param>
/// <param name="Role">user, creator, support or admin.</param>
/// <param name="DisabledAt">Since when he is not let in any more.</param>
/// <param name="Credential">By what you came; only in the answer about yourself.</param>
public sealed record User(
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
    Credential? Credential);

/// <param name="Kind">development, firebase, session or apiKey.</param>
/// <param name="Scopes">read, write, admin.</param>
public sealed record Credential(string Kind, string Role, IReadOnlyList<string> Scopes);

/// <summary>New names; what is left out is removed, the name becomes first and last name.</summary>
public sealed record UserNames(string? FirstName = null, string? LastName = null, string? Name = null);

/// <summary>What an app proposes to a user, and what he wants to be told.</summary>
/// <param name="DefaultStyle">none, minimalist, watercolor, photorealistic or cartoon.</param>
/// <param name="DefaultQuality">draft, standard or high.</param>
/// <param name="DefaultProduct">The product to print on.</param>
public sealed record NewPreferences(string? DefaultStyle = null, string? DefaultQuality = null, string? DefaultProduct = null, NotificationPreferences? Notifications = null);

/// <param name="Version">0 until the first change, then one higher with each.</param>
public sealed record Preferences(
    string? DefaultStyle, string? DefaultQuality, string? DefaultProduct, NotificationPreferences Notifications, int Version, DateTimeOffset? UpdatedAt);

public sealed record NotificationPreferences(bool Email, bool Push);

/// <param name="Role">user, creator, support or admin.</param>
public sealed record NewRole(string Role);

/// <summary>Who changed what of a user.</summary>
/// <param name="UserId">Whose things were changed.</param>
/// <param name="ActorId">Who did it; null when the system did.</param>
/// <param name="Action">As user.updated or api_key.created.</param>
/// <param name="Changes">By field what it was and what it is: {"field": {"from": …, "to": …}}.</param>
public sealed record AuditEntry(Guid Id, Guid UserId, Guid? ActorId, string Action, JsonElement? Changes, string? TraceId, DateTimeOffset CreatedAt);
