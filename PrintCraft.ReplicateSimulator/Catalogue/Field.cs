using System.Text.Json;

namespace PrintCraft.ReplicateSimulator.Catalogue;

/// <summary>What a member of a JSON object may be. <see cref="Type"/> is a JSON Schema type.</summary>
internal sealed record Field(
    string Name, string Type, double Min = double.NegativeInfinity, double Max = double.PositiveInfinity, bool Required = false)
{
    public string[] Allowed { get; init; } = [];

    /// <summary>An address or a data URL.</summary>
    public bool IsUri { get; init; }

    /// <summary>The body of a request, an object of these members and no others; or the answer that says what is wrong with it.</summary>
    public static async Task<(JsonElement Body, IResult? Wrong)> ReadAsync(HttpContext http, IReadOnlyList<Field> fields)
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
            return (body, Check(body, "(root)", fields, closed: true).ToList() is { Count: > 0 } wrong ? Problem.Invalid(wrong) : null);
        }
        catch (JsonException)
        {
            return (default, Problem.Malformed);
        }
    }

    /// <summary>Every rule that the members of an object break. Members without a rule pass unless the object is closed.</summary>
    public static IEnumerable<InvalidField> Check(JsonElement value, string path, IReadOnlyList<Field> fields, bool closed)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [new("invalid_type", path, $"Invalid type. Expected: object, given: {Kind(value)}")];
        }

        var missing = fields.Where(field => field.Required && !value.TryGetProperty(field.Name, out _))
            .Select(field => new InvalidField("required", path, $"{field.Name} is required"));
        var extra = value.EnumerateObject().Select(member => member.Name).Where(name => closed && fields.All(field => field.Name != name))
            .Select(name => new InvalidField("additional_property_not_allowed", path, $"Additional property {name} is not allowed"));
        var broken = fields.Where(field => value.TryGetProperty(field.Name, out _))
            .Select(field => field.Check(value.GetProperty(field.Name), path == "(root)" ? field.Name : $"{path}.{field.Name}"))
            .OfType<InvalidField>();
        return missing.Concat(extra).Concat(broken);
    }

    private InvalidField? Check(JsonElement value, string path)
    {
        var kind = Kind(value);
        if (kind != Type && !(Type == "number" && kind == "integer"))
        {
            return new("invalid_type", path, $"Invalid type. Expected: {Type}, given: {kind}");
        }

        string?[] chosen = kind switch
        {
            "string" => [value.GetString()],
            "array" => [.. value.EnumerateArray().Select(item => item.ToString())],
            _ => [],
        };
        if (Allowed.Length > 0 && !chosen.All(Allowed.Contains))
        {
            return new("enum", path, $"{path} must be one of the following: {string.Join(", ", Allowed.Select(word => $"\"{word}\""))}");
        }

        if (IsUri && Reference.Of(value.GetString()!) is null)
        {
            return new("format", path, "Does not match format 'uri'");
        }

        var number = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : Math.Max(0, Min);
        return number < Min ? new("number_gte", path, $"Must be greater than or equal to {Min}")
            : number > Max ? new("number_lte", path, $"Must be less than or equal to {Max}")
            : null;
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
