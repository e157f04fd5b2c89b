using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Events;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>Ends a generation at once if no worker has it, else has the worker end it. Repeating it changes nothing.</summary>
internal static class CancelGeneration
{
    public static async Task<Results<PreparedJson<GenerationResource>, ProblemHttpResult>> HandleAsync(
        Guid id,
        CurrentUser user,
        PrintCraftDb db,
        GenerationAnswers answers,
        HttpRequest request,
        WorkSignal signal,
        EventFeed events,
        GenerationMetrics metrics,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var result = await db.CancelAsync(id, user.Id, time.GetUtcNow(), cancellationToken);
        switch (result.Outcome)
        {
            case CancelOutcome.NotFound:
                return Problem.Because(ProblemCode.NotFound, "There is no such generation.");
            case CancelOutcome.AlreadyFinal:
                return Problem.Because(ProblemCode.Conflict, "The generation has already ended.");
            case CancelOutcome.Canceled:
                metrics.Ended(GenerationStatus.Canceled, result.Style!, result.Age);
                events.Tell(user.Id);
                break;
            case CancelOutcome.Requested:
                signal.Send();
                break;
            case CancelOutcome.AlreadyCanceled:
                break;
        }

        return await ReadGeneration.HandleAsync(id, user, answers, request, cancellationToken);
    }
}
