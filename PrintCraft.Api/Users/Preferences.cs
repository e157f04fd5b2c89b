using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>All of it; what is left out is as in the beginning.</summary>
public sealed record PreferencesRequest(
    [property: Description("none, minimalist, watercolor, photorealistic or cartoon.")] string? DefaultStyle = null,
    [property: Description("draft, standard or high.")] string? DefaultQuality = null,
    [property: Description("The product to print on, 1 to 100 characters.")] string? DefaultProduct = null,
    NotificationRequest? Notifications = null);

/// <param name="Email">True unless said.</param>
/// <param name="Push">False unless said.</param>
public sealed record NotificationRequest(bool? Email = null, bool? Push = null);

/// <summary>What an app proposes to a user, and what he wants to be told. An order that names no style or quality does not look here.</summary>
/// <param name="Version">0 until the first change, then one higher with each.</param>
public sealed record PreferencesResource(
    string? DefaultStyle, string? DefaultQuality, string? DefaultProduct, NotificationPreferences Notifications, int Version, DateTimeOffset? UpdatedAt);

public sealed record NotificationPreferences(bool Email, bool Push);

/// <summary>Reads and replaces preferences: his own, or an administrator anybody's.</summary>
internal sealed class Preferences(PrintCraftDb db, CurrentUser actor, Profiles profiles, IHttpContextAccessor accessor, TimeProvider time)
{
    private static readonly string[] Qualities = [.. Enum.GetNames<Quality>().Select(name => name.ToLowerInvariant())];

    public static Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> ReadMineAsync(CurrentUser user, Preferences preferences, CancellationToken cancellationToken) =>
        preferences.FindAsync(user.Id, cancellationToken);

    public static Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> ReadAsync(Guid id, Preferences preferences, CancellationToken cancellationToken) =>
        preferences.FindAsync(id, cancellationToken);

    public static Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> UpdateMineAsync(
        PreferencesRequest request, CurrentUser user, Preferences preferences, CancellationToken cancellationToken) =>
        preferences.ReplaceAsync(user.Id, request, cancellationToken);

    public static Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> UpdateAsync(
        Guid id, PreferencesRequest request, Preferences preferences, CancellationToken cancellationToken) =>
        preferences.ReplaceAsync(id, request, cancellationToken);

    private async Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!profiles.MayChange(id) || !await db.Users.AnyAsync(user => user.Id == id, cancellationToken))
        {
            return Profiles.NotFound;
        }

        var row = await db.UserPreferences.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == id, cancellationToken);
        Http.Response.Headers.ETag = TagOf(row);
        return TypedResults.Ok(Show(row));
    }

    private async Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> ReplaceAsync(Guid id, PreferencesRequest request, CancellationToken cancellationToken)
    {
        if (!profiles.MayChange(id))
        {
            return Profiles.NotFound;
        }

        var errors = Check(request);
        return errors.Count > 0
            ? Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors)
            : await db.InTransactionAsync(SaveAsync, cancellationToken);

        async Task<Results<Ok<PreferencesResource>, ProblemHttpResult>> SaveAsync(CancellationToken token)
        {
            // The user's lock, because there may be no row to lock yet.
            if (await db.LockUserAsync(id, token) is null)
            {
                return Profiles.NotFound;
            }

            var row = await db.UserPreferences.SingleOrDefaultAsync(row => row.UserId == id, token);
            if (ETags.Refusal(Http.Request, TagOf(row)) is { } refusal)
            {
                return refusal;
            }

            var now = time.GetUtcNow().InMicroseconds();
            row ??= db.UserPreferences.Add(new UserPreferences { UserId = id, UpdatedAt = now }).Entity;
            var before = Audited(row);
            Replace(row, request);
            if (Changes.Between(before, Audited(row)) is { } changes)
            {
                (row.Version, row.UpdatedAt) = (row.Version + 1, now);
                db.Audit(id, actor.Id, "user.preferences_updated", changes, now);
                await db.SaveChangesAsync(token);
            }

            Http.Response.Headers.ETag = TagOf(row);
            return TypedResults.Ok(Show(row.Version == 0 ? null : row));
        }
    }

    private HttpContext Http => accessor.HttpContext!;

    private static string TagOf(UserPreferences? row) => ETags.Of(row?.Version ?? 0);

    private static PreferencesResource Show(UserPreferences? row) => row is null
        ? new PreferencesResource(null, null, null, new NotificationPreferences(true, false), 0, null)
        : new PreferencesResource(row.DefaultStyle, row.DefaultQuality, row.DefaultProduct, new NotificationPreferences(row.EmailNotifications, row.PushNotifications), row.Version, row.UpdatedAt);

    private static void Replace(UserPreferences row, PreferencesRequest request)
    {
        (row.DefaultStyle, row.DefaultQuality, row.DefaultProduct) = (request.DefaultStyle, request.DefaultQuality, request.DefaultProduct);
        (row.EmailNotifications, row.PushNotifications) = (request.Notifications?.Email ?? true, request.Notifications?.Push ?? false);
    }

    private static object Audited(UserPreferences row) => new { row.DefaultStyle, row.DefaultQuality, row.DefaultProduct, row.EmailNotifications, row.PushNotifications };

    private static List<FieldError> Check(PreferencesRequest request)
    {
        var errors = UserRules.WrongNames(("defaultProduct", request.DefaultProduct));
        if (request.DefaultStyle is { } style && !Styles.Names.Contains(style))
        {
            errors.Add(new FieldError("defaultStyle", $"must be one of {string.Join(", ", Styles.Names)}"));
        }

        if (request.DefaultQuality is { } quality && !Qualities.Contains(quality))
        {
            errors.Add(new FieldError("defaultQuality", $"must be one of {string.Join(", ", Qualities)}"));
        }

        return errors;
    }
}
