namespace PrintCraft.Api.Audit;

internal static class AuditEndpoints
{
    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", ListAudit.HandleAsync)
            .WithName("listAudit")
            .WithSummary("List who changed what of which user, newest first")
            .WithDescription("Written with each change and never altered. Pass the answer's nextCursor as cursor to read on.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return routes;
    }
}
