using Microsoft.Extensions.Options;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Documentation;

/// <summary>The OpenAPI document at /openapi/v1.json and the interactive page at /docs, all files from this process.</summary>
internal static class DocumentationRegistration
{
    public static WebApplicationBuilder AddDocumentation(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DocumentationOptions>().BindConfiguration(DocumentationOptions.Section);
        builder.Services.AddSingleton<OpenApiFile>();
        builder.Services.AddOpenApi(OpenApiFile.Name, options =>
        {
            options.ShouldInclude = description => description.HttpMethod != HttpMethods.Head;
            options.CreateSchemaReferenceId = Schemas.NameOf;
            options.AddSchemaTransformer((schema, context, _) =>
            {
                Schemas.Describe(schema, context);
                return Task.CompletedTask;
            });
            options.AddOperationTransformer<OperationErrors>();
            options.AddOperationTransformer<OperationDetails>();
            options.AddDocumentTransformer<ApiDocument>();
        });
        return builder;
    }

    public static WebApplication MapDocumentation(this WebApplication app)
    {
        var routes = app.MapGroup("").AnswersHead().AllowAnonymous();
        routes.MapGet($"/openapi/{OpenApiFile.Name}.json", (HttpResponse response, OpenApiFile file, CancellationToken cancellationToken) => file.AnswerAsync(response, cancellationToken))
            .HasETag()
            .ExcludeFromDescription();
        routes.MapSwaggerUI("docs/ui");
        // Only in Development: the page tries things out as the user dev.
        var key = app.Environment.IsDevelopment() ? app.Services.GetRequiredService<IOptions<IdentityOptions>>().Value.DevelopmentKey : null;
        routes.MapDocumentationPage(key is { Length: > 0 } ? DevelopmentCredential.Mint(key, "dev") : null);
        return app;
    }
}
