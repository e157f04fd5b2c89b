using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>
/// The one place where what a user is gets read and changed. A change and its audit entry are one transaction, under the user's row lock; a crash
/// after the commit leaves other processes, and this one, with what they remember for at most <see cref="IdentityOptions.Memory"/>.
/// </summary>
internal sealed class Profiles(
    PrintCraftDb db, CurrentUser actor, Callers callers, TwoLevelCache cache, IServiceScopeFactory scopes, IHttpContextAccessor accessor, TimeProvider time)
{
    public static readonly CacheRegion<ProfileResource> Region = new("profile", "user", "profile", options => options.Profiles);

    public static ProblemHttpResult NotFound => Problem.Because(ProblemCode.NotFound, "There is no such user.");

    /// <summary>May look at him: he himself, and support.</summary>
    public bool MayRead(Guid id) => id == actor.Id || actor.IsSupport;

    /// <summary>May change him: he himself, and administrators.</summary>
    public bool MayChange(Guid id) => id == actor.Id || actor.IsAdmin;

    public async Task<ProfileResource?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await cache.GetAsync(Region, CacheTag.User(id), token => LoadAsync(id, token), cancellationToken);

    /// <summary>Changes him and writes down what; a change that changes nothing leaves no trace.</summary>
    /// <param name="action">For the audit log.</param>
    /// <param name="changeAsync">Gets the row, locked, and the time.</param>
    public async Task<Results<Ok<ProfileResource>, ProblemHttpResult>> ChangeAsync(
        Guid id, string action, Func<User, DateTimeOffset, CancellationToken, Task> changeAsync, CancellationToken cancellationToken)
    {
        var answer = await db.InTransactionAsync<Results<Ok<ProfileResource>, ProblemHttpResult>>(
            async token =>
            {
                if (await db.LockUserAsync(id, token) is not { } user)
                {
                    return NotFound;
                }

                return ETags.Refusal(Http.Request, TagOf(Show(user))) is { } refusal ? refusal : TypedResults.Ok(await SaveAsync(user, action, changeAsync, token));
            },
            cancellationToken);
        if (answer.Result is Ok<ProfileResource> { Value: { } resource })
        {
            callers.Forget(id);
            await cache.DropAsync(CacheTag.User(id), CancellationToken.None);
            Http.Response.Headers.ETag = TagOf(resource);
        }

        return answer;
    }

    /// <summary>The version of his row, which is not of the credential that he comes with.</summary>
    public static string TagOf(ProfileResource user) => ETags.Of(user.UpdatedAt.UtcTicks);

    /// <summary>Others wait for it too, so it ends with no request.</summary>
    private async Task<ProfileResource?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().Users
            .AsNoTracking().Where(user => user.Id == id).Select(ProfileResource.Of).SingleOrDefaultAsync(cancellationToken);
    }

    private HttpContext Http => accessor.HttpContext!;

    private async Task<ProfileResource> SaveAsync(User user, string action, Func<User, DateTimeOffset, CancellationToken, Task> changeAsync, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var before = Audited(user);
        await changeAsync(user, now, cancellationToken);
        if (Changes.Between(before, Audited(user)) is { } changes)
        {
            // Later than the last, also by a clock that is behind: the version must differ.
            user.UpdatedAt = now > user.UpdatedAt ? now : user.UpdatedAt.AddMicroseconds(1);
            user.ConcurrencyStamp = Guid.NewGuid().ToString();
            db.Audit(user.Id, actor.Id, action, changes, now);
            await db.SaveChangesAsync(cancellationToken);
        }

        return Show(user);
    }

    private static readonly Func<User, ProfileResource> Show = ProfileResource.Of.Compile();

    private static object Audited(User user) => new { user.Name, user.FirstName, user.LastName, user.Role, user.DisabledAt };
}
