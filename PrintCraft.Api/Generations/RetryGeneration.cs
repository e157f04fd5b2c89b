using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Api.Uploads;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>Orders again what failed or was cancelled: a new generation with a new hold, because the old one gave its hold back.</summary>
internal static class RetryGeneration
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        CurrentUser user,
        PrintCraftDb db,
        GenerationDesk desk,
        IdempotentRequest once,
        PreferWait wait,
        IOptions<ModelCatalog> catalog,
        CancellationToken cancellationToken)
    {
        var answer = await once.RunAsync(new { Retry = id }, RetryAsync, cancellationToken);
        desk.Announce();
        return await wait.ApplyAsync(answer, cancellationToken);

        async Task<Answer> RetryAsync(CancellationToken token)
        {
            var generation = await db.Generations
                .AsNoTracking()
                .SingleOrDefaultAsync(generation => generation.Id == id && generation.UserId == user.Id && generation.HiddenAt == null, token);
            if (generation is null)
            {
                return Answer.Refusal(ProblemCode.NotFound, "There is no such generation.");
            }

            if (generation.Status is not (GenerationStatus.Failed or GenerationStatus.Canceled))
            {
                return Answer.Refusal(ProblemCode.Conflict, "Only a failed or cancelled generation can be ordered again.");
            }

            if (generation.ReferenceId is { } reference && !await db.CanUseAsync(user.Id, reference, token))
            {
                return Answer.Refusal(ProblemCode.Conflict, "Its reference image is gone. Upload it again and order it anew.");
            }

            return RepeatOrder.TryFrom(generation, catalog.Value, out var order, out var reason)
                ? await desk.OrderAsync(order, token)
                : Answer.Refusal(ProblemCode.Conflict, reason);
        }
    }
}
