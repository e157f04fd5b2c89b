using System.Text.Json;

using PrintCraft.Api.Documentation;
using PrintCraft.Api.Paging;

namespace PrintCraft.Api.Audit;

internal static class AuditEndpoints
{
    private static readonly Feed<AuditResource> Example = new(
        [
            new AuditResource(
                new Guid("01980a60-2b4c-7d5e-8f70-1a2b3c4d5e6f"), new Guid("01980a5e-0000-7c4d-8a61-b2d3e4f50617"), new Guid("01980a5e-1111-7c4d-8a61-b2d3e4f50617"), "user.role_changed",
                JsonElement.Parse("""{"role": {"from": "user", "to": "creator"}}"""), "4bf92f3577b34da6a3ce929d0e0e4736", new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)),
        ],
        new FeedPagination(20, false, null));

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", ListAudit.HandleAsync)
            .WithName("listAudit")
            .WithSummary("List who changed what of which user, newest first")
            .WithDescription("Written with each change and never altered. Pass the answer's nextCursor as cursor to read on.")
            .WithExample(answer: Example)
            .IsFeed();
        return routes;
    }
}
