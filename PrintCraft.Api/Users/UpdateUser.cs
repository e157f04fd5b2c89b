using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>What a user may change of himself. Nothing else is taken.</summary>
public sealed record UserRequest(
    [property: Description("1 to 100 characters; none when left out.")] string? FirstName = null,
    [property: Description("1 to 100 characters; none when left out.")] string? LastName = null,
    [property: Description("What to call you, 1 to 100 characters. Left out: your first and last name, or what it was if you have none.")] string? Name = null);

internal static class UpdateUser
{
    public static Task<Results<Ok<ProfileResource>, ProblemHttpResult>> HandleMineAsync(
        UserRequest request, CurrentUser user, Profiles profiles, CancellationToken cancellationToken) =>
        HandleAsync(user.Id, request, profiles, cancellationToken);

    public static async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> HandleAsync(
        Guid id, UserRequest request, Profiles profiles, CancellationToken cancellationToken)
    {
        if (!profiles.MayChange(id))
        {
            return Profiles.NotFound;
        }

        var errors = UserRules.WrongNames(("firstName", request.FirstName), ("lastName", request.LastName), ("name", request.Name));
        return errors.Count > 0
            ? Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors)
            : await profiles.ChangeAsync(id, "user.updated", ChangeAsync, cancellationToken);

        Task ChangeAsync(User user, DateTimeOffset now, CancellationToken token)
        {
            (user.FirstName, user.LastName) = (request.FirstName, request.LastName);
            user.Name = request.Name ?? (string.Join(' ', new[] { request.FirstName, request.LastName }.OfType<string>()) is { Length: > 0 } both ? both : user.Name);
            return Task.CompletedTask;
        }
    }
}
