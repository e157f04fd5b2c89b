using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace PrintCraft.Api.Documentation;

/// <summary>What the document says of the API as a whole.</summary>
internal sealed class ApiDocument(IOptions<DocumentationOptions> options) : IOpenApiDocumentTransformer
{
    private const string Description = """
        A prompt becomes a design ready for print: order a generation, follow it, take its images. Credits pay for what is made; what fails costs nothing.

        - **Who is calling:** `Authorization: Bearer …` or `X-API-Key: pck_…`. Other people's things are not found (404).
        - **Errors** are `application/problem+json` with a code that programs decide by: [the catalogue](/errors).
        - **Repeat safely:** send an `Idempotency-Key` with a POST; the same key gets the first answer again.
        - **Lists** of things that come all the time are feeds: pass `nextCursor` on as `cursor`, or follow `Link: …; rel="next"`. New things do not move the pages.
        - **Polling** costs little with `If-None-Match`; event streams and `Prefer: wait=N` need none.
        - **Limits:** `RateLimit` says what is left, `Retry-After` when to come back. Bodies are at most 1 MB of uncompressed JSON, 32 deep, with the members described here and no others, none twice.
        - **Every answer** has `X-Request-Id`, the id of its trace. HEAD works where GET does, but for event streams.
        """;

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Generations", "Orders of images and what became of them."),
        ("Events", "What happens to generations, as it happens (server-sent events)."),
        ("Credits", "The balance and how it moved."),
        ("Users", "Who you are, and what you like."),
        ("API keys", "Keys for programs that act for you."),
        ("Authentication", "Local accounts: sign up, sign in, devices, passwords."),
        ("Images", "The files, by signed addresses."),
        ("Uploads", "Pictures of yours that generations can start from."),
        ("Catalog", "What can be ordered, and what it costs."),
        ("Admin", "For administrators."),
    ];

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "PrintCraft AI API", Version = "1.0.0", Description = Description };
        document.Servers = [.. options.Value.Servers.DefaultIfEmpty("/").Select(address => new OpenApiServer { Url = address })];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(DocumentSecurity.Schemes);
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        // The framework's error schema; no operation refers to it any more.
        document.Components.Schemas.Remove("ProblemDetails");
        document.Components.Schemas[ProblemSchema.Name] = ProblemSchema.Make();
        document.Components.Schemas = Sorted(document.Components.Schemas);
        document.Components.Responses = Sorted(document.Components.Responses ?? new Dictionary<string, IOpenApiResponse>());
        document.Components.Headers = Sorted(document.Components.Headers ?? new Dictionary<string, IOpenApiHeader>());
        var used = (document.Tags ?? new HashSet<OpenApiTag>()).Select(tag => tag.Name).ToHashSet();
        document.Tags = Tags.Where(tag => used.Contains(tag.Name)).Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        return Task.CompletedTask;
    }

    private static Dictionary<string, T> Sorted<T>(IDictionary<string, T> components) =>
        new(components.OrderBy(component => component.Key, StringComparer.Ordinal));
}
