using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Identity;

namespace PrintCraft.Api.Users;

internal static class ReadUser
{
    public static Task<Results<Ok<UserResource>, ProblemHttpResult>> HandleMineAsync(CurrentUser user, Profiles profiles, CancellationToken cancellationToken) =>
        HandleAsync(user.Id, user, profiles, cancellationToken);

    public static async Task<Results<Ok<UserResource>, ProblemHttpResult>> HandleAsync(Guid id, CurrentUser user, Profiles profiles, CancellationToken cancellationToken)
    {
        if (!profiles.MayRead(id) || await profiles.FindAsync(id, cancellationToken) is not { } found)
        {
            return Profiles.NotFound;
        }

        profiles.Tag(found);
        return TypedResults.Ok(id == user.Id ? found with { Credential = new CredentialResource(user.Kind, user.Role, user.Scopes) } : found);
    }
}
