using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Identity;

namespace PrintCraft.Api.Users;

internal static class ReadUser
{
    public static Task<Results<Ok<ProfileResource>, ProblemHttpResult>> HandleMineAsync(HttpResponse response, CurrentUser user, Profiles profiles, CancellationToken cancellationToken) =>
        HandleAsync(user.Id, response, user, profiles, cancellationToken);

    public static async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> HandleAsync(
        Guid id, HttpResponse response, CurrentUser user, Profiles profiles, CancellationToken cancellationToken)
    {
        if (!profiles.MayRead(id) || await profiles.FindAsync(id, cancellationToken) is not { } found)
        {
            return Profiles.NotFound;
        }

        response.Headers.ETag = Profiles.TagOf(found);
        return TypedResults.Ok(id == user.Id ? found with { Credential = new CredentialResource(user.Kind, user.Role, user.Scopes) } : found);
    }
}
