using System.Text.Json;

using Microsoft.AspNetCore.Http.HttpResults;

namespace PrintCraft.Api.Documentation;

/// <summary>
/// The interactive page. Its files come from this process alone, and its script is of ours: Swashbuckle's page evaluates text, which a strict content
/// security policy forbids.
/// </summary>
internal static class DocumentationPage
{
    /// <summary>Swagger UI sets styles by script and shows small pictures that its style sheet brings along.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Start = """
        SwaggerUIBundle({
          url: "/openapi/v1.json",
          dom_id: "#swagger-ui",
          deepLinking: true,
          tryItOutEnabled: true,
          displayRequestDuration: true,
          validatorUrl: null,
          onComplete: function () { CREDENTIAL && window.ui.preauthorizeApiKey("bearer", CREDENTIAL); }
        });
        """;

    private static readonly string Html = Read("docs.html");

    /// <param name="credential">Filled in, for trying things out without pasting anything; null outside of development.</param>
    public static IEndpointConventionBuilder MapDocumentationPage(this IEndpointRouteBuilder routes, string? credential)
    {
        var group = routes.MapGroup("/docs").ExcludeFromDescription();
        group.MapGet("", (HttpResponse response) => Page(response, Html, "text/html"));
        group.MapGet("/start.js", (HttpResponse response) => Page(response, Script(credential), "text/javascript"));
        // The page that Swashbuckle would serve beside its files.
        group.MapGet("/ui", ToPage);
        group.MapGet("/ui/index.html", ToPage);
        return group;
    }

    internal static string Script(string? credential) =>
        $"window.ui = {Start.Replace("CREDENTIAL", JsonSerializer.Serialize(credential), StringComparison.Ordinal)}";

    private static RedirectHttpResult ToPage() => TypedResults.Redirect("/docs");

    private static ContentHttpResult Page(HttpResponse response, string text, string type)
    {
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return TypedResults.Content(text, $"{type}; charset=utf-8");
    }

    private static string Read(string file)
    {
        using var stream = typeof(DocumentationPage).Assembly.GetManifestResourceStream(typeof(DocumentationPage), file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
