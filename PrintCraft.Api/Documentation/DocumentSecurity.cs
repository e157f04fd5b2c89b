using Microsoft.OpenApi;

namespace PrintCraft.Api.Documentation;

/// <summary>The ways to say who is calling.</summary>
internal static class DocumentSecurity
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";

    public static Dictionary<string, IOpenApiSecurityScheme> Schemes { get; } = new()
    {
        [Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "Authorization: Bearer with a Firebase ID token, the access token of a session, or an API key. In development: the credential that the AppHost prints.",
        },
        [ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-API-Key", Description = "An API key, as pck_…" },
    };

    public static List<OpenApiSecurityRequirement> Either(OpenApiDocument document) =>
        [.. new[] { Bearer, ApiKey }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] })];
}
