using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>What an order would cost and take.</summary>
/// <param name="Credits">Of the whole order.</param>
/// <param name="EstimatedTime">Seconds from acceptance to end.</param>
public sealed record QuoteResource(int Credits, int CreditsPerImage, int Count, int EstimatedTime, string Model);

/// <summary>The price and time of an order. Nothing is held, stored or run, and the backlog does not matter.</summary>
internal static class QuoteGeneration
{
    public static async Task<Results<Ok<QuoteResource>, ProblemHttpResult>> HandleAsync(
        CreateGenerationRequest request, Estimates estimates, Backlog backlog, IOptions<ModelCatalog> catalog, CancellationToken cancellationToken)
    {
        if (!OrderRules.TryOrder(request.Draft(), catalog.Value, out var order, out var errors))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        await backlog.LookAsync(cancellationToken);
        return TypedResults.Ok(new QuoteResource(order.Credits, order.CreditsPerImage, order.Count, estimates.Of(order), order.Model.FullName));
    }
}
