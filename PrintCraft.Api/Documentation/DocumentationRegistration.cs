using System.Text.Json.Nodes;

using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Documentation;

/// <summary>The OpenAPI document at /openapi/v1.json and the interactive page at /docs, all files from this process.</summary>
internal static class DocumentationRegistration
{
    private const string BearerScheme = "bearer";

    public static WebApplicationBuilder AddDocumentation(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi(options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "PrintCraft AI API", Version = "1.0.0", Description = "A prompt becomes a design ready for print. Errors: see /errors." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [BearerScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = BearerScheme, Description = "In development: the credential that the AppHost prints." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] }];
            return Task.CompletedTask;
        }));
        return builder;
    }

    public static WebApplication MapDocumentation(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        var development = app.Environment.IsDevelopment() ? app.Services.GetRequiredService<IOptions<IdentityOptions>>().Value.DevelopmentKey : null;
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "PrintCraft API";
            options.SwaggerEndpoint("/openapi/v1.json", "PrintCraft API v1");
            options.ConfigObject.TryItOutEnabled = true;
            if (development is { Length: > 0 })
            {
                // Only in Development: the page tries things out as the user dev without pasting anything.
                var credential = JsonValue.Create($"Bearer {DevelopmentCredential.Mint(development, "dev")}").ToJsonString();
                options.UseRequestInterceptor($"(request) => {{ request.headers.Authorization = request.headers.Authorization || {credential}; return request; }}");
            }
        });
        app.MapGet("/", () => TypedResults.Redirect("/docs")).AllowAnonymous().ExcludeFromDescription();
        return app;
    }
}
