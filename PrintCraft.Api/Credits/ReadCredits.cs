using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Credits;

/// <summary>What a user has.</summary>
/// <param name="Available">Free to spend.</param>
/// <param name="Held">Promised to jobs that run.</param>
/// <param name="Expiring">The parts of what is available that will expire, soonest first.</param>
public sealed record BalanceResource(long Available, long Held, IReadOnlyList<ExpiringCredits> Expiring);

public sealed record ExpiringCredits(long Amount, DateTimeOffset ExpiresAt);

internal static class ReadCredits
{
    public static async Task<Ok<BalanceResource>> HandleAsync(HttpResponse response, CurrentUser user, PrintCraftDb db, CancellationToken cancellationToken)
    {
        var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.UserId == user.Id, cancellationToken);
        List<ExpiringCredits> expiring = account.Expiring == 0
            ? []
            : await db.Grants
                .Where(grant => grant.UserId == user.Id && grant.Remaining > 0)
                .GroupBy(grant => grant.ExpiresAt!.Value)
                .OrderBy(group => group.Key)
                .Select(group => new ExpiringCredits(group.Sum(grant => grant.Remaining!.Value), group.Key))
                .ToListAsync(cancellationToken);
        response.Headers.ETag = ETags.Of([account.Available, account.Held, .. expiring.SelectMany(part => new[] { part.Amount, part.ExpiresAt.UtcTicks })]);
        return TypedResults.Ok(new BalanceResource(account.Available, account.Held, expiring));
    }
}
