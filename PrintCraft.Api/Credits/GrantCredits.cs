using System.ComponentModel;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Credits;

/// <summary>Credits for somebody.</summary>
public sealed record GrantRequest(
    Guid? UserId = null,
    [property: Description("Credits, 1 to 1,000,000.")] long? Amount = null,
    [property: Description("admin or promo.")] string? Kind = null,
    [property: Description("What is left then is taken back; never unless said.")] DateTimeOffset? ExpiresAt = null,
    [property: Description("For the user's eyes, at most 200 characters.")] string? Reason = null);

public sealed record GrantResource(Guid Id, Guid UserId, GrantKind Kind, long Amount, DateTimeOffset? ExpiresAt, string? Reason, Guid? GrantedBy, DateTimeOffset CreatedAt);

/// <summary>Gives credits away, in one transaction with its journal; an Idempotency-Key makes a repetition harmless.</summary>
internal static class GrantCredits
{
    private const long MaxAmount = 1_000_000;
    private const int MaxReasonLength = 200;

    public static async Task<IResult> HandleAsync(
        GrantRequest request, CurrentUser admin, PrintCraftDb db, IdempotentRequest once, IOptions<JsonOptions> json, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().InMicroseconds();
        var errors = Check(request, now);
        return errors.Count > 0
            ? Answer.Refusal(ProblemCode.InvalidRequest, "Some fields are not valid.", errors)
            : await once.RunAsync(request, token => db.InTransactionAsync(GrantAsync, token), cancellationToken);

        async Task<Answer> GrantAsync(CancellationToken token)
        {
            if (!await db.Users.AnyAsync(user => user.Id == request.UserId, token))
            {
                return Answer.Refusal(ProblemCode.NotFound, "There is no such user.");
            }

            var grant = new Grant
            {
                Id = Guid.CreateVersion7(now),
                UserId = request.UserId!.Value,
                Kind = request.Kind == "promo" ? GrantKind.Promo : GrantKind.Admin,
                Amount = request.Amount!.Value,
                Remaining = request.ExpiresAt is null ? null : request.Amount,
                ExpiresAt = request.ExpiresAt?.ToUniversalTime().InMicroseconds(),
                Reason = request.Reason,
                GrantedBy = admin.Id,
                CreatedAt = now,
            };
            await db.GrantAsync(grant, grant.Id.ToString(), token);
            return Answer.Created(
                null,
                new GrantResource(grant.Id, grant.UserId, grant.Kind, grant.Amount, grant.ExpiresAt, grant.Reason, grant.GrantedBy, grant.CreatedAt),
                json.Value.SerializerOptions);
        }
    }

    private static List<FieldError> Check(GrantRequest request, DateTimeOffset now)
    {
        var errors = new List<FieldError>();
        Check(request.UserId is not null, "userId", "must be the id of a user");
        Check(request.Amount is >= 1 and <= MaxAmount, "amount", $"must be from 1 to {MaxAmount}");
        Check(request.Kind is "admin" or "promo", "kind", "must be admin or promo");
        Check(request.ExpiresAt is null || request.ExpiresAt > now, "expiresAt", "must be in the future");
        Check(request.Reason is null || (request.Reason.Length is > 0 and <= MaxReasonLength && !request.Reason.Any(char.IsControl)), "reason", $"must be 1 to {MaxReasonLength} characters of text");
        return errors;

        void Check(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors.Add(new FieldError(field, message));
            }
        }
    }
}
