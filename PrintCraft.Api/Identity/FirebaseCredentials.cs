using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Takes Firebase's ID tokens. Whoever it vouches for has a row with his first request, under an id that follows from his uid. The welcome credits are
/// for a verified e-mail address, whichever account has it: new accounts are free, so nothing else may bring any.
/// </summary>
internal sealed class FirebaseCredentials(FirebaseTokens tokens, KnownUsers users, TimeProvider time)
{
    /// <summary>FirebaseAdmin lets clocks differ by as much.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <exception cref="FirebaseUnreachableException">It cannot be told now.</exception>
    public async Task<Recognition> RecogniseAsync(string credential, CancellationToken cancellationToken)
    {
        if (await tokens.VerifyAsync(credential, cancellationToken) is not { } identity)
        {
            return Recognition.Refused;
        }

        var user = UserOf(identity, time.GetUtcNow());
        return await users.EnsureAsync(user, user.EmailConfirmed ? AccountRules.IdentityOf(user.Email!) : null, cancellationToken)
            ? new Recognition(Caller.Person(user.Id, CredentialKind.Firebase, identity.Role), identity.ExpiresAt + ClockSkew)
            : Recognition.Refused;
    }

    /// <summary>The id of the user with that uid.</summary>
    public static Guid UserId(string uid) => NamedId.Of("printcraft firebase user " + uid);

    private static User UserOf(FirebaseIdentity identity, DateTimeOffset now)
    {
        var email = identity.Email is { Length: > 0 and <= AccountRules.MaxEmail } known ? known : null;
        return new User
        {
            Id = UserId(identity.Uid),
            Name = identity.Name ?? email ?? identity.Uid,
            Email = email,
            EmailConfirmed = identity.EmailVerified && email is not null,
            Role = identity.Role,
            FirebaseUid = identity.Uid,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
