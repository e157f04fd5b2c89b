using PrintCraft.Api.Documentation;
using PrintCraft.Api.Uploads;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Catalog;

internal static class CatalogEndpoints
{
    public static WebApplicationBuilder AddCatalog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PreparedCatalog>();
        return builder;
    }

    public static IEndpointRouteBuilder MapCatalog(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/catalog", ReadCatalog.Handle)
            .WithName("readCatalog")
            .WithTags("Catalog")
            .WithSummary("Read what can be ordered and what it costs")
            .WithDescription("Styles, qualities with their models, prices, times and sizes, and limits. Changes rarely: keep it, and ask with If-None-Match.")
            .WithExample(answer: PreparedCatalog.Of(new ModelCatalog(), new UploadOptions()))
            .HasETag();
        return routes;
    }
}
