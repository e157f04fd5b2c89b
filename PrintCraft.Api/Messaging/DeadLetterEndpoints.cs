namespace PrintCraft.Api.Messaging;

internal static class DeadLetterEndpoints
{
    public static IEndpointRouteBuilder MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/dead-letters").ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapGet("", ListDeadLetters.HandleAsync)
            .WithName("listDeadLetters")
            .WithSummary("List messages that no worker could take, newest first")
            .ProducesProblem(StatusCodes.Status400BadRequest);

        group.MapPost("/{id:guid}/replay", ReplayDeadLetters.HandleAsync)
            .WithName("replayDeadLetter")
            .WithSummary("Give a dead letter another chance")
            .WithDescription("Starts its generation again if that is open; if it had failed or was cancelled, orders a new one, which its owner's credits pay for.")
            .ProducesProblem(StatusCodes.Status402PaymentRequired)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

        group.MapPost("/replay", ReplayDeadLetters.HandleAllAsync)
            .WithName("replayDeadLetters")
            .WithSummary("Give all dead letters another chance")
            .WithDescription("At most 500 at a time, oldest first; says of each what became of it.");
        return routes;
    }
}
