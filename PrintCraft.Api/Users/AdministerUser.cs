using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <param name="Role">user, creator, support or admin.</param>
public sealed record RoleRequest(string? Role = null);

/// <summary>What administrators do to others. Nobody shuts himself out: so there is always one left.</summary>
internal static class AdministerUser
{
    public static async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> SetRoleAsync(
        Guid id, RoleRequest request, CurrentUser admin, Profiles profiles, CancellationToken cancellationToken)
    {
        if (request.Role is null || !Roles.All.Contains(request.Role))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("role", $"must be one of {string.Join(", ", Roles.All)}")]);
        }

        if (id == admin.Id && request.Role != Roles.Admin)
        {
            return Problem.Because(ProblemCode.Conflict, "You cannot take the role of an administrator from yourself: let another one do it.");
        }

        return await profiles.ChangeAsync(
            id,
            "user.role_changed",
            (user, _, _) =>
            {
                user.Role = request.Role;
                return Task.CompletedTask;
            },
            cancellationToken);
    }

    public static async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> DisableAsync(
        Guid id, CurrentUser admin, PrintCraftDb db, Profiles profiles, CancellationToken cancellationToken)
    {
        if (id == admin.Id)
        {
            return Problem.Because(ProblemCode.Conflict, "You cannot disable yourself: let another administrator do it.");
        }

        return await profiles.ChangeAsync(id, "user.disabled", DisableAsync, cancellationToken);

        async Task DisableAsync(User user, DateTimeOffset now, CancellationToken token)
        {
            user.DisabledAt ??= now;
            await db.Sessions
                .Where(session => session.UserId == id && session.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.RevokedAt, now).SetProperty(session => session.RevokedBecause, "admin"), token);
        }
    }

    public static async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> EnableAsync(Guid id, Profiles profiles, Callers callers, CancellationToken cancellationToken)
    {
        var answer = await profiles.ChangeAsync(
            id,
            "user.enabled",
            (user, _, _) =>
            {
                user.DisabledAt = null;
                return Task.CompletedTask;
            },
            cancellationToken);
        // Of a credential that was refused nobody knows whose it was.
        callers.Forget();
        return answer;
    }
}
