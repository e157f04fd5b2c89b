using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;

namespace PrintCraft.Api.Users;

internal static class ReadUser
{
    public static Task<Results<Ok<ProfileResource>, NotModified, ProblemHttpResult>> HandleMineAsync(HttpContext http, CurrentUser user, Profiles profiles, CancellationToken cancellationToken) =>
        HandleAsync(user.Id, http, user, profiles, cancellationToken);

    public static async Task<Results<Ok<ProfileResource>, NotModified, ProblemHttpResult>> HandleAsync(
        Guid id, HttpContext http, CurrentUser user, Profiles profiles, CancellationToken cancellationToken)
    {
        if (!profiles.MayRead(id) || await profiles.FindAsync(id, cancellationToken) is not { } found)
        {
            return Profiles.NotFound;
        }

        if (ETags.IsKnownToCaller(http, Profiles.TagOf(found)))
        {
            return NotModified.Answer;
        }

        return TypedResults.Ok(id == user.Id ? found with { Credential = new CredentialResource(user.Kind, user.Role, user.Scopes) } : found);
    }
}
