using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrintCraft.Api.Generations;

/// <summary>JSON of the API: camelCase, enums as lower-case names, members that a request does not have, or has twice, are refused.</summary>
internal static class ApiJson
{
    private const int MaxDepth = 32;

    public static void Configure(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
