using PrintCraft.Api.Documentation;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Credits;

internal static class CreditEndpoints
{
    public static IEndpointRouteBuilder MapCredits(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/credits").WithTags("Credits");

        group.MapGet("", ReadCredits.HandleAsync)
            .WithName("getCredits")
            .WithSummary("Read your balance")
            .WithDescription("What is available, what running jobs hold, and what will expire when. Credits that expire are spent first.")
            .WithExample(answer: Examples.Balance)
            .HasETag();

        group.MapGet("/ledger", ListLedger.HandleAsync)
            .WithName("listLedger")
            .WithSummary("List how your credits moved, newest first")
            .WithDescription("Pass the answer's nextCursor as cursor to read on.")
            .WithExample(answer: Examples.Ledger)
            .IsFeed();
        return routes;
    }

    public static IEndpointRouteBuilder MapGrants(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/credits/grants", GrantCredits.HandleAsync)
            .WithName("grantCredits")
            .WithSummary("Give credits to a user")
            .WithDescription("Send an Idempotency-Key to repeat it without giving twice.")
            .Produces<GrantResource>(StatusCodes.Status201Created)
            .WithExample(Examples.GrantOrder, Examples.Grant)
            .TakesIdempotencyKey()
            .Fails(ProblemCode.NotFound);
        return routes;
    }
}
