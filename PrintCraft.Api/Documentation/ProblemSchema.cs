using System.Text.Json.Nodes;

using Microsoft.OpenApi;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Documentation;

/// <summary>The schema of every error body; the framework's own does not know the members that programs read.</summary>
internal static class ProblemSchema
{
    public const string Name = "Problem";

    public static OpenApiSchema Make() => new()
    {
        Title = Name,
        Type = JsonSchemaType.Object,
        Description = "Every error (RFC 9457, application/problem+json). Programs decide by error.code.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "error", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("The code's place in the catalogue of errors."),
            ["title"] = Text("The same for every occurrence of the code."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("What is the matter this time."),
            ["error"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "code", "message", "details" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. ProblemCode.All.Select(code => (JsonNode)code.Code)], Description = "Never renamed." },
                    ["message"] = Text("As detail."),
                    ["details"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array,
                        Description = "The fields that are wrong.",
                        Items = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Required = new HashSet<string> { "field", "message" },
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                ["field"] = Text("Its path, as options.width; empty for the whole body."),
                                ["message"] = Text("What it must be."),
                            },
                        },
                    },
                },
            },
            ["traceId"] = Text("What to tell support; also the header X-Request-Id."),
            ["retryAfter"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "Seconds, as the header Retry-After. Only where sending it again may help." },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
