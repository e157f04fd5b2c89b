using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

public sealed record ApiKeyRequest(
    [property: Description("For you to know it by, 1 to 100 characters.")] string? Name = null,
    [property: Description("Of read, write and, if your role allows it, admin. Unless said: read and write.")] IReadOnlyList<string>? Scopes = null,
    [property: Description("Never unless said.")] DateTimeOffset? ExpiresAt = null);

/// <summary>Makes a key and shows it once. A lost answer is a key nobody has: its owner sees it in the list and revokes it.</summary>
internal static class CreateApiKey
{
    private static readonly List<string> DefaultScopes = [Scopes.Read, Scopes.Write];

    public static async Task<Results<Created<ApiKeyResource>, ProblemHttpResult>> HandleAsync(
        ApiKeyRequest request, CurrentUser user, PrintCraftDb db, IOptions<ApiKeyOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var errors = Check(request, user.Role, now);
        if (errors.Count > 0)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var secret = ApiKeySecret.Mint();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            UserId = user.Id,
            Name = request.Name!,
            Prefix = ApiKeySecret.PrefixOf(secret),
            Hash = ApiKeySecret.HashOf(secret),
            Scopes = request.Scopes is null ? DefaultScopes : [.. Scopes.All.Intersect(request.Scopes)],
            CreatedAt = now,
            ExpiresAt = request.ExpiresAt?.ToUniversalTime().InMicroseconds(),
        };
        return await db.InTransactionAsync(token => StoreAsync(db, key, options.Value.MaxPerUser, token), cancellationToken)
            ? TypedResults.Created($"/api/v1/api-keys/{key.Id}", ApiKeyResource.Of(key) with { Key = secret })
            : Problem.Because(ProblemCode.Conflict, $"You have {options.Value.MaxPerUser} keys: revoke one first.");
    }

    private static async Task<bool> StoreAsync(PrintCraftDb db, ApiKey key, int max, CancellationToken cancellationToken)
    {
        // One at a time, or two requests would both be the last that fits.
        await db.LockUserAsync(key.UserId, cancellationToken);
        var live = await db.ApiKeys.CountAsync(
            other => other.UserId == key.UserId && other.RevokedAt == null && (other.ExpiresAt == null || other.ExpiresAt > key.CreatedAt), cancellationToken);
        if (live >= max)
        {
            return false;
        }

        db.ApiKeys.Add(key);
        db.Audit(key.UserId, key.UserId, "api_key.created", Changes.Between(null, new { key.Id, key.Name, key.Prefix, key.Scopes, key.ExpiresAt }), key.CreatedAt);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private static List<FieldError> Check(ApiKeyRequest request, string role, DateTimeOffset now)
    {
        var errors = UserRules.WrongNames(("name", request.Name ?? ""));
        if (request.Scopes is { } scopes && (scopes.Count == 0 || scopes.Except(Roles.ScopesOf(role)).Any()))
        {
            errors.Add(new FieldError("scopes", $"must be some of {string.Join(", ", Roles.ScopesOf(role))}"));
        }

        if (request.ExpiresAt <= now)
        {
            errors.Add(new FieldError("expiresAt", "must be in the future"));
        }

        return errors;
    }
}
