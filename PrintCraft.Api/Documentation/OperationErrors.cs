using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Documentation;

/// <summary>Lists every error code that an operation can answer with: its own, and those that all of its kind have. One response for each set of codes.</summary>
internal sealed class OperationErrors(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    /// <summary>Names that the source documents have for a set of codes.</summary>
    private static readonly Dictionary<string, string> Named = new()
    {
        ["InvalidRequest"] = "BadRequest",
        ["MissingTokenOrInvalidToken"] = "Unauthorized",
        ["InsufficientCredits"] = "PaymentRequired",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var responses = operation.Responses ??= [];
        var declared = responses.Keys.Where(status => status[0] is '4' or '5').Select(int.Parse).ToList();
        declared.ForEach(status => responses.Remove($"{status}"));
        var all = CodesOf(operation, context.Description.ActionDescriptor.EndpointMetadata);
        all.UnionWith(declared.Where(status => all.All(code => code.Status != status)).SelectMany(status => ProblemCode.All.Where(code => code.Status == status)));
        foreach (var codes in all.GroupBy(code => code.Status).OrderBy(codes => codes.Key))
        {
            responses[$"{codes.Key}"] = new OpenApiResponseReference(Component(context.Document!, [.. ProblemCode.All.Where(codes.Contains)]), context.Document);
        }

        return Task.CompletedTask;
    }

    private static HashSet<ProblemCode> CodesOf(OpenApiOperation operation, IList<object> metadata)
    {
        HashSet<ProblemCode> codes = [ProblemCode.RateLimited, ProblemCode.InternalError, ProblemCode.ServiceUnavailable, .. metadata.OfType<FailsWith>().SelectMany(fails => fails.Codes)];
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            codes.UnionWith([ProblemCode.MissingToken, ProblemCode.InvalidToken, ProblemCode.Forbidden]);
        }

        if (operation.RequestBody is not null)
        {
            codes.UnionWith([ProblemCode.InvalidRequest, ProblemCode.PayloadTooLarge, ProblemCode.UnsupportedMediaType]);
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true || metadata.OfType<TakesHeader>().Any(header => header.Name == "Idempotency-Key"))
        {
            codes.Add(ProblemCode.InvalidRequest);
        }

        return codes;
    }

    private string Component(OpenApiDocument document, IReadOnlyList<ProblemCode> codes)
    {
        var name = string.Join("Or", codes.Select(code => string.Concat(code.Code.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))));
        name = Named.GetValueOrDefault(name, name);
        if (document.Components?.Responses?.ContainsKey(name) != true)
        {
            document.AddComponent<IOpenApiResponse>(name, Response(document, codes));
        }

        return name;
    }

    private OpenApiResponse Response(OpenApiDocument document, IReadOnlyList<ProblemCode> codes)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join(" Or: ", codes.Select(code => $"`{code.Code}`: {code.Title} {code.Advice}")),
            Headers = new Dictionary<string, IOpenApiHeader> { ["X-Request-Id"] = DocumentHeaders.Reference("X-Request-Id", document) },
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new()
                {
                    Schema = new OpenApiSchemaReference(ProblemSchema.Name, document),
                    Examples = codes.ToDictionary(code => code.Code, IOpenApiExample (code) => new OpenApiExample { Summary = code.Title, Value = Node(Problem.Example(code)) }),
                },
            },
        };
        string[] more =
        [
            .. codes.Any(code => ProblemRegistration.RetryAfter(code) is not null) ? ["Retry-After"] : Array.Empty<string>(),
            .. codes[0].Status switch
            {
                StatusCodes.Status429TooManyRequests => ["RateLimit", "RateLimit-Policy"],
                StatusCodes.Status401Unauthorized => ["WWW-Authenticate"],
                _ => Array.Empty<string>(),
            },
        ];
        foreach (var header in more)
        {
            response.Headers[header] = DocumentHeaders.Reference(header, document);
        }

        return response;
    }

    private JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, json.Value.SerializerOptions);
}
