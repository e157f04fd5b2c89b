using System.Text.Json.Serialization;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>A batch and what became of each part, in the order styles, sizes, seeds.</summary>
public sealed record BatchResource(BatchQuote Quote, int Accepted, int Refused, IReadOnlyList<BatchEntry> Data);

/// <param name="Credits">Of all, whether accepted or not.</param>
/// <param name="EstimatedTime">Seconds until the last one ends.</param>
public sealed record BatchQuote(int Credits, int Count, int EstimatedTime);

/// <param name="Status">accepted or refused.</param>
public sealed record BatchEntry(
    int Index,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GenerationResource? Generation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FailureResource? Error);

/// <summary>
/// Orders a matrix of styles, sizes and seeds in one transaction: each part has a hold of its own, what cannot be paid is refused and shown, and
/// the rest runs. A crash before the commit leaves nothing of it.
/// </summary>
internal static class CreateBatch
{
    public static async Task<IResult> HandleAsync(
        BatchRequest request,
        PrintCraftDb db,
        GenerationDesk desk,
        IdempotentRequest once,
        IOptions<ModelCatalog> catalog,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken)
    {
        if (!TryOrders(request, catalog.Value, out var orders, out var errors))
        {
            return Answer.Refusal(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var credits = orders.Sum(order => order.Credits);
        if (request.MaxCredits < credits)
        {
            return Answer.Refusal(
                ProblemCode.PreconditionFailed, $"This costs {credits} credits.", [new FieldError("maxCredits", $"is {request.MaxCredits}, less than the price of {credits}")]);
        }

        var answer = await once.RunAsync(request, token => db.InTransactionAsync(OrderAllAsync, token), cancellationToken);
        desk.Announce();
        return answer;

        async Task<Answer> OrderAllAsync(CancellationToken token)
        {
            var (generations, refusal) = await desk.PrepareAsync(orders, token);
            if (refusal is not null)
            {
                return refusal;
            }

            var entries = new List<BatchEntry>();
            for (var index = 0; index < orders.Count; index++)
            {
                var hold = await desk.AcceptAsync(generations[index], token);
                entries.Add(hold.Taken
                    ? new BatchEntry(index, "accepted", desk.Show(generations[index]), null)
                    : new BatchEntry(index, "refused", null, new FailureResource(ProblemCode.InsufficientCredits.Code, GenerationDesk.Short(orders[index], hold))));
            }

            var accepted = entries.Count(entry => entry.Generation is not null);
            return accepted == 0
                ? Answer.Problem(ProblemCode.InsufficientCredits, $"Together this costs {credits} credits, and the balance does not pay for any of it.", json.Value.SerializerOptions)
                : Answer.Created(null, new BatchResource(
                    new BatchQuote(credits, orders.Count, generations.Max(generation => generation.EstimatedTime)), accepted, entries.Count - accepted, entries), json.Value.SerializerOptions);
        }
    }

    private static bool TryOrders(BatchRequest request, ModelCatalog catalog, out IReadOnlyList<GenerationOrder> orders, out IReadOnlyList<FieldError> errors)
    {
        var items = request.Drafts(out errors);
        var (found, wrong) = (new List<GenerationOrder>(), new List<FieldError>(errors));
        foreach (var item in items)
        {
            if (OrderRules.TryOrder(item.Draft, catalog, out var order, out var problems))
            {
                found.Add(order);
            }

            wrong.AddRange(problems.Select(item.Named));
        }

        (orders, errors) = (found, [.. wrong.Distinct()]);
        return errors.Count == 0;
    }
}
