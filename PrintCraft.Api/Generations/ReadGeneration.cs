using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

internal static class ReadGeneration
{
    public static async Task<Results<Ok<GenerationResource>, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, PrintCraftDb db, GenerationResources resources, GenerationTags tags, HttpResponse response, Backlog backlog, CancellationToken cancellationToken)
    {
        // Ownership is part of the query: somebody else's id is not found.
        var generation = await db.Generations
            .AsNoTracking()
            .Include(generation => generation.Images)
            .SingleOrDefaultAsync(generation => generation.Id == id && generation.UserId == user.Id && generation.HiddenAt == null, cancellationToken);
        if (generation is null)
        {
            return Problem.Because(ProblemCode.NotFound, "There is no such generation.");
        }

        if (generation.Status == GenerationStatus.Pending)
        {
            await backlog.LookAsync(cancellationToken);
        }

        response.Headers.ETag = tags.Of(generation, backlog.PositionOf(generation));
        return TypedResults.Ok(resources.From(generation, backlog.PositionOf(generation)));
    }
}
