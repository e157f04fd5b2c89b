using System.Text.Json.Serialization;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Events;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Api.Messaging;

/// <param name="Outcome">requeued, newGeneration, insufficientCredits, alreadyReplayed or impossible.</param>
/// <param name="GenerationId">The generation that runs now.</param>
/// <param name="Reason">Why nothing runs.</param>
public sealed record ReplayResource(
    Guid Id, ReplayOutcome Outcome, Guid? GenerationId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);

public sealed record ReplaysResource(int Replayed, int Refused, IReadOnlyList<ReplayResource> Data);

/// <summary>Gives one dead letter another chance, or all of them.</summary>
internal static class ReplayDeadLetters
{
    /// <summary>As many as one request replays; the next goes on with the rest.</summary>
    private const int MaxAtOnce = 500;

    public static async Task<Results<Ok<ReplayResource>, ProblemHttpResult>> HandleAsync(
        Guid id,
        PrintCraftDb db,
        WorkSignal signal,
        EventFeed events,
        GenerationMetrics metrics,
        IOptions<ModelCatalog> catalog,
        IOptions<GenerationPolicy> policy,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var result = await db.ReplayAsync(id, catalog.Value, policy.Value, time.GetUtcNow(), cancellationToken);
        Tell([result], signal, events, metrics);
        return result.Outcome switch
        {
            ReplayOutcome.Requeued or ReplayOutcome.NewGeneration => TypedResults.Ok(Show(result)),
            ReplayOutcome.NotFound => Problem.Because(ProblemCode.NotFound, "There is no such dead letter."),
            ReplayOutcome.InsufficientCredits => Problem.Because(ProblemCode.InsufficientCredits, result.Reason),
            ReplayOutcome.AlreadyReplayed or ReplayOutcome.Impossible => Problem.Because(ProblemCode.Conflict, result.Reason),
        };
    }

    public static async Task<Ok<ReplaysResource>> HandleAllAsync(
        PrintCraftDb db,
        WorkSignal signal,
        EventFeed events,
        GenerationMetrics metrics,
        IOptions<ModelCatalog> catalog,
        IOptions<GenerationPolicy> policy,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var results = await db.ReplayAllAsync(catalog.Value, policy.Value, time.GetUtcNow(), MaxAtOnce, cancellationToken);
        Tell(results, signal, events, metrics);
        var replayed = results.Count(result => result.IsReplayed);
        return TypedResults.Ok(new ReplaysResource(replayed, results.Count - replayed, [.. results.Select(Show)]));
    }

    private static void Tell(IReadOnlyList<ReplayResult> results, WorkSignal signal, EventFeed events, GenerationMetrics metrics)
    {
        var ordered = results.Where(result => result.Outcome == ReplayOutcome.NewGeneration).ToList();
        ordered.ForEach(result => metrics.Created(result.Style!));
        foreach (var user in ordered.Select(result => result.UserId!.Value).Distinct())
        {
            events.Tell(user);
        }

        if (results.Any(result => result.IsReplayed))
        {
            signal.Send();
        }
    }

    private static ReplayResource Show(ReplayResult result) => new(result.LetterId, result.Outcome, result.GenerationId, result.Reason);
}
