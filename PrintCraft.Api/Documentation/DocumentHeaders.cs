using Microsoft.OpenApi;

namespace PrintCraft.Api.Documentation;

/// <summary>The answer headers that the document describes, each once.</summary>
internal static class DocumentHeaders
{
    private static readonly Dictionary<string, (string Description, string Example)> Known = new()
    {
        ["ETag"] = ("The version of what is shown. Send it as If-None-Match to be told only of changes, or as If-Match to change only what you have seen.", "W/\"r1Vw9aGBC3r3jK9L\""),
        ["Idempotent-Replayed"] = ("true when this is the stored answer to an earlier request with the same Idempotency-Key.", "true"),
        ["Link"] = ("The next page (rel=next), if there is one.", "<https://api.example.com/api/v1/generations?limit=20&cursor=CN8…>; rel=\"next\""),
        ["Location"] = ("Where the new thing is.", "/api/v1/generations/01980a5e-7d1c-7a3b-9f52-3c1d5a7e9b42"),
        ["Preference-Applied"] = ("The preference that was followed.", "wait=30"),
        ["RateLimit"] = ("What is left of a limit: r requests for the next t seconds.", "\"user\";r=97;t=41"),
        ["RateLimit-Policy"] = ("The limits: q requests in w seconds.", "\"user\";q=100;w=60"),
        ["Retry-After"] = ("Seconds after which sending it again may help.", "5"),
        ["WWW-Authenticate"] = ("How to say who you are (RFC 6750).", "Bearer error=\"invalid_token\""),
        ["X-Request-Id"] = ("The id of the request's trace; every answer has it.", "4bf92f3577b34da6a3ce929d0e0e4736"),
    };

    public static IOpenApiHeader Reference(string name, OpenApiDocument document)
    {
        if (document.Components?.Headers?.ContainsKey(name) != true)
        {
            var (description, example) = Known[name];
            document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = example });
        }

        return new OpenApiHeaderReference(name, document);
    }
}
