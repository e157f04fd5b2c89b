using PrintCraft.Api.Documentation;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Messaging;

internal static class DeadLetterEndpoints
{
    public static IEndpointRouteBuilder MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/dead-letters");

        group.MapGet("", ListDeadLetters.HandleAsync)
            .WithName("listDeadLetters")
            .WithSummary("List messages that no worker could take, newest first")
            .WithExample(answer: Examples.DeadLetters);

        group.MapPost("/{id:guid}/replay", ReplayDeadLetters.HandleAsync)
            .WithName("replayDeadLetter")
            .WithSummary("Give a dead letter another chance")
            .WithDescription("Starts its generation again if that is open; if it had failed or was cancelled, orders a new one, which its owner's credits pay for.")
            .WithExample(answer: Examples.Replay)
            .Fails(ProblemCode.InsufficientCredits, ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapPost("/replay", ReplayDeadLetters.HandleAllAsync)
            .WithName("replayDeadLetters")
            .WithSummary("Give all dead letters another chance")
            .WithDescription("At most 500 at a time, oldest first; says of each what became of it.")
            .WithExample(answer: Examples.Replays);
        return routes;
    }
}
