namespace PrintCraft.Api.Credits;

internal static class CreditEndpoints
{
    public static IEndpointRouteBuilder MapCredits(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/credits").WithTags("Credits").ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapGet("", ReadCredits.HandleAsync)
            .WithName("getCredits")
            .WithSummary("Read your balance")
            .WithDescription("What is available, what running jobs hold, and what will expire when. Credits that expire are spent first.");

        group.MapGet("/ledger", ListLedger.HandleAsync)
            .WithName("listLedger")
            .WithSummary("List how your credits moved, newest first")
            .WithDescription("Pass the answer's nextCursor as cursor to read on.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    public static IEndpointRouteBuilder MapGrants(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/credits/grants", GrantCredits.HandleAsync)
            .WithName("grantCredits")
            .WithSummary("Give credits to a user")
            .WithDescription("Send an Idempotency-Key to repeat it without giving twice.")
            .Produces<GrantResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }
}
