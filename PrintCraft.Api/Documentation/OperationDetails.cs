using System.Text.Json;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

using PrintCraft.Api.Http;

namespace PrintCraft.Api.Documentation;

/// <summary>Adds to an operation who may call it, headers both ways, examples, and whether it will go.</summary>
internal sealed class OperationDetails(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    private static readonly Dictionary<string, string> ParameterDescriptions = new()
    {
        ["id"] = "Its id.",
        ["limit"] = "How many at most, 1 to 100.",
        ["cursor"] = "The last page's nextCursor; works with the same filters only.",
        ["page"] = "Which page, from 1.",
        ["perPage"] = "How many on a page, 1 to 100.",
        ["after"] = "As Last-Event-ID, for clients that cannot set headers.",
        ["Last-Event-ID"] = "The id of the last event that you have; browsers send it by themselves.",
        ["everywhere"] = "true: on all devices.",
        ["key"] = "From the signed address.",
        ["expires"] = "From the signed address.",
        ["signature"] = "From the signed address.",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var (document, metadata) = (context.Document!, context.Description.ActionDescriptor.EndpointMetadata);
        var isAnonymous = metadata.OfType<IAllowAnonymous>().Any();
        operation.Security = isAnonymous ? [] : DocumentSecurity.Either(document);
        operation.Deprecated = metadata.OfType<Deprecation>().Any();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= ParameterDescriptions.GetValueOrDefault(parameter.Name!);
        }

        foreach (var header in metadata.OfType<TakesHeader>())
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = header.Name,
                In = ParameterLocation.Header,
                Description = header.Description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = header.Example,
            });
        }

        string[] sent = [.. isAnonymous ? Array.Empty<string>() : ["RateLimit", "RateLimit-Policy"], .. metadata.OfType<SendsHeader>().Select(header => header.Name)];
        foreach (var response in operation.Responses?.Values.OfType<OpenApiResponse>() ?? [])
        {
            AddHeaders(response, ["X-Request-Id", .. sent], document);
        }

        AddExamples(operation, metadata);
        return Task.CompletedTask;
    }

    private static void AddHeaders(OpenApiResponse response, IEnumerable<string> names, OpenApiDocument document)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        foreach (var name in names)
        {
            response.Headers[name] = DocumentHeaders.Reference(name, document);
        }
    }

    private void AddExamples(OpenApiOperation operation, IList<object> metadata)
    {
        var example = metadata.OfType<OperationExample>().LastOrDefault();
        foreach (var body in operation.RequestBody?.Content?.Values ?? [])
        {
            body.Example = example?.Request is { } request ? Node(request) : null;
        }

        if (example?.Answer is { } answer && operation.Responses?.Where(response => response.Key[0] == '2').Select(response => response.Value.Content?.Values.FirstOrDefault()).FirstOrDefault(content => content is not null) is { } content)
        {
            content.Example = answer is string text ? text : Node(answer);
        }
    }

    private JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, json.Value.SerializerOptions);
}
