using Microsoft.Extensions.Options;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Takes development credentials. Without a key, nobody gets in. The names <c>admin</c>, <c>support</c> and <c>creator</c> have that role.</summary>
internal sealed class DevelopmentCredentials(IOptions<IdentityOptions> options, KnownUsers users, TimeProvider time)
{
    public async Task<Recognition> RecogniseAsync(string credential, CancellationToken cancellationToken)
    {
        if (options.Value.DevelopmentKey is not { Length: > 0 } key || !DevelopmentCredential.TryRead(key, credential, out var name))
        {
            return Recognition.Refused;
        }

        var role = Roles.All.Contains(name) ? name : Roles.User;
        var now = time.GetUtcNow();
        var user = new User { Id = DevelopmentCredential.UserId(name), Name = name, Role = role, CreatedAt = now, UpdatedAt = now };
        return await users.EnsureAsync(user, user.Id.ToString(), cancellationToken)
            ? Recognition.Of(Caller.Person(user.Id, CredentialKind.Development, role))
            : Recognition.Refused;
    }
}
