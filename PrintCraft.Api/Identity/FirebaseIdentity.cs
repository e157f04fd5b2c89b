namespace PrintCraft.Api.Identity;

/// <summary>Somebody whom Firebase vouches for.</summary>
/// <param name="Uid">His id in the project, 1 to 128 characters.</param>
/// <param name="Email">Null for one who signed in without, as by telephone or anonymously.</param>
/// <param name="Role">user, creator, support or admin: the custom claim <c>role</c>; user when that is missing or means nothing.</param>
/// <param name="Provider">How he signed in, as <c>password</c> or <c>google.com</c>.</param>
/// <param name="ExpiresAt">When the token ends.</param>
internal sealed record FirebaseIdentity(string Uid, string? Email, bool EmailVerified, string? Name, string Role, string? Provider, DateTimeOffset ExpiresAt);
