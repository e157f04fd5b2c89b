using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Paging;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Documentation;

/// <summary>Names schemas as callers know the things, and tells the limits that the rules have.</summary>
internal static class Schemas
{
    private static readonly Dictionary<string, Action<OpenApiSchema>> OrderLimits = new()
    {
        ["prompt"] = schema => (schema.Type, schema.MinLength, schema.MaxLength) = (JsonSchemaType.String, 1, OrderRules.MaxPromptLength),
        ["negativePrompt"] = schema => schema.MaxLength = OrderRules.MaxPromptLength,
        ["style"] = schema => schema.Enum = Names(Styles.Names, schema),
        ["quality"] = schema => schema.Enum = Names(Enum.GetNames<Quality>(), schema),
        ["outputFormat"] = schema => schema.Enum = Names(["png"], schema),
        ["width"] = Side,
        ["height"] = Side,
        ["seed"] = schema => Range(schema, 0, OrderRules.MaxSeed),
        ["count"] = schema => Range(schema, 1, OrderRules.MaxCount),
        ["webhookUrl"] = schema => schema.Format = "uri",
    };

    private static readonly Dictionary<string, Action<OpenApiSchema>> QueryLimits = new()
    {
        ["status"] = schema => Items(schema, Enum.GetNames<GenerationStatus>()),
        ["style"] = schema => Items(schema, Styles.Names),
        ["quality"] = schema => Items(schema, Enum.GetNames<Quality>()),
        ["createdAfter"] = schema => schema.Format = "date-time",
        ["createdBefore"] = schema => schema.Format = "date-time",
        ["q"] = schema => (schema.MinLength, schema.MaxLength) = (1, GenerationFilter.MaxSearchLength),
        ["limit"] = schema => Range(schema, 1, FeedQuery.MaxLimit),
        ["page"] = schema => schema.Minimum = "1",
        ["perPage"] = schema => Range(schema, 1, FeedQuery.MaxLimit),
    };

    private static readonly Type[] Orders = [typeof(CreateGenerationRequest), typeof(GenerationOptionsRequest), typeof(BatchRequest), typeof(BatchOptionsRequest), typeof(BatchSize)];

    /// <summary>The source documents' names where they have one; else a resource is a response, and a list is what it lists.</summary>
    public static string? NameOf(JsonTypeInfo type)
    {
        if (type.Type == typeof(CreateGenerationRequest))
        {
            return "GenerationRequest";
        }

        if (type.Type.IsGenericType && type.Type.GetGenericTypeDefinition() is var list && (list == typeof(Feed<>) || list == typeof(Page<>)))
        {
            return $"{type.Type.GetGenericArguments()[0].Name.Replace("Resource", "", StringComparison.Ordinal)}{(list == typeof(Feed<>) ? "Feed" : "Page")}";
        }

        return OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name ? NameOf(name) : null;
    }

    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (context.ParameterDescription is { } parameter && parameter.Source == BindingSource.Query)
        {
            if (QueryLimits.TryGetValue(parameter.Name, out var limit))
            {
                limit(schema);
            }
        }
        else if (context.JsonPropertyInfo is { } property)
        {
            if (Orders.Contains(property.DeclaringType) && OrderLimits.TryGetValue(property.Name, out var limit))
            {
                limit(schema);
            }
        }
        else if (NameOf(context.JsonTypeInfo) is { } name && schema.Type?.HasFlag(JsonSchemaType.Object) == true)
        {
            schema.Title = name;
            if (context.JsonTypeInfo.Type == typeof(CreateGenerationRequest) || context.JsonTypeInfo.Type == typeof(BatchRequest))
            {
                schema.Required = new HashSet<string> { "prompt" };
            }
        }
    }

    private static string NameOf(string name) => name.EndsWith("Resource", StringComparison.Ordinal) ? $"{name[..^"Resource".Length]}Response" : name;

    private static void Side(OpenApiSchema schema)
    {
        Range(schema, OrderRules.MinSide, OrderRules.MaxSide);
        schema.MultipleOf = OrderRules.SideStep;
    }

    private static void Range(OpenApiSchema schema, long least, long most) => (schema.Minimum, schema.Maximum) = ($"{least}", $"{most}");

    private static void Items(OpenApiSchema schema, IEnumerable<string> names)
    {
        if (schema.Items is OpenApiSchema items)
        {
            items.Enum = Names(names, items);
        }
    }

    /// <summary>With null where null may be sent.</summary>
    private static List<JsonNode> Names(IEnumerable<string> names, OpenApiSchema schema) =>
        [.. names.Select(name => (JsonNode)name.ToLowerInvariant()), .. schema.Type?.HasFlag(JsonSchemaType.Null) == true ? [JsonNullSentinel.JsonNull] : Array.Empty<JsonNode>()];
}
