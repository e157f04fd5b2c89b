using System.Text.Json;
using System.Text.Json.Nodes;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Security;

/// <summary>Values that a schema of the document allows, and such that it does not.</summary>
internal static class Samples
{
    private const int Deepest = 6;

    private static readonly string[] Broken =
    [
        "", "{", "[]", "null", "true", "\"text\"", "{\"prompt\":}", "{\"prompt\":\"\\ud800\"}", "{\"prompt\":\"a\",\"prompt\":\"b\"}", "{\"a\":1e400}", "{'prompt':'a'}", "{} {}", "{/**/}",
        "\ufeff{}", "NaN", $"{new string('[', 200)}{new string(']', 200)}", $"{{\"prompt\":\"{new string('a', 70_000)}\"}}",
    ];

    private static readonly string[] Odd =
    [
        "", " ", "\0", "a\0b", "\r\nSet-Cookie: a=b", "\u001b[31m", "\u202egnp.exe", "😀", "e\u0301", "' OR 1=1 --", "%00", "../../etc/passwd", "{{secret}}", "<script>", "null", "-1", "1e9", "9223372036854775808",
        "0198f000-0000-7000-8000-00000000000g", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", new('x', 300), new('中', 3000),
    ];

    /// <summary>The example or something drawn from the schema; members that need not be there are left out now and then.</summary>
    public static JsonNode? Valid(Random random, Operation operation) =>
        operation.BodyExample is { } example && random.Next(2) == 0 ? Node(example) : Of(random, operation, operation.BodySchema!.Value, 0);

    /// <summary>A parameter, as it is written in an address.</summary>
    public static string Of(Random random, Operation operation, JsonElement schema) => Of(random, operation, schema, 0) switch
    {
        JsonArray items => $"{items[0]}",
        var value => $"{value}",
    };

    /// <summary>A body that is wrong somewhere, or only strange.</summary>
    public static string Mutated(Random random, Operation operation)
    {
        if (random.Next(4) == 0)
        {
            return random.Of(Broken);
        }

        var root = Valid(random, operation);
        if (root is not JsonObject)
        {
            return root?.ToJsonString() ?? "null";
        }

        for (var change = random.Next(1, 4); change > 0; change--)
        {
            Change(random, random.Of([.. Objects(root)]));
        }

        return root.ToJsonString();
    }

    public static string OddText(Random random) => random.Next(3) == 0 ? random.Text(40) : random.Of(Odd);

    private static void Change(Random random, JsonObject target)
    {
        var names = target.Select(member => member.Key).ToList();
        var name = names.Count == 0 || random.Next(4) == 0 ? random.Of(["credits", "userId", "", "constructor", "$ref", "prompt ", "Prompt"]) : random.Of(names);
        if (random.Next(6) == 0)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = Strange(random);
        }
    }

    private static JsonNode? Strange(Random random) => random.Next(10) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.Of([-1, 0, 1, 7, int.MaxValue, int.MinValue]),
        3 => random.Of([long.MaxValue, long.MinValue, 4_000_000_000]),
        4 => random.Of([0.5, -0.0, 1e300, double.Epsilon]),
        5 => new JsonArray(),
        6 => new JsonArray([.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (JsonNode?)random.Next(5))]),
        7 => new JsonObject(),
        8 => Deep(random.Next(2, 60)),
        _ => OddText(random),
    };

    private static JsonObject Deep(int levels) => levels == 0 ? new JsonObject() : new JsonObject { ["a"] = Deep(levels - 1) };

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Objects(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    private static JsonNode? Of(Random random, Operation operation, JsonElement reference, int depth)
    {
        var schema = operation.Resolve(reference);
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
        {
            if (schema.TryGetProperty(choice, out var schemas))
            {
                return Of(random, operation, random.Of([.. schemas.EnumerateArray()]), depth);
            }
        }

        if (schema.TryGetProperty("enum", out var values))
        {
            return Node(random.Of([.. values.EnumerateArray()]));
        }

        return TypeOf(random, schema) switch
        {
            "object" => Object(random, operation, schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Of(random, operation, schema.GetProperty("items"), depth + 1))]),
            "integer" => Whole(random, schema),
            "number" => random.NextDouble(),
            "boolean" => random.Next(2) == 0,
            "null" => null,
            _ => Text(random, schema),
        };
    }

    private static JsonObject Object(Random random, Operation operation, JsonElement schema, int depth)
    {
        var made = new JsonObject();
        if (depth < Deepest && schema.TryGetProperty("properties", out var properties))
        {
            var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
            foreach (var property in properties.EnumerateObject().Where(property => required.Contains(property.Name) || random.Next(2) == 0))
            {
                made[property.Name] = Of(random, operation, property.Value, depth + 1);
            }
        }

        return made;
    }

    /// <summary>One of its types; null is one of them now and then.</summary>
    private static string? TypeOf(Random random, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
        {
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        }

        if (type.ValueKind == JsonValueKind.String)
        {
            return type.GetString();
        }

        string[] types = [.. type.EnumerateArray().Select(one => one.GetString()!)];
        return random.Next(4) == 0 ? random.Of(types) : types.First(one => one != "null");
    }

    private static long Whole(Random random, JsonElement schema)
    {
        var (least, most) = (Number(schema, "minimum") ?? 0, Number(schema, "maximum") ?? 1000);
        var step = Number(schema, "multipleOf") ?? 1;
        return random.NextInt64((least + step - 1) / step, Math.Max(most / step, least / step) + 1) * step;
    }

    private static string Text(Random random, JsonElement schema) => schema.TryGetProperty("format", out var format) ? format.GetString() switch
    {
        "uuid" => $"{Guid.CreateVersion7()}",
        "date-time" => $"{DateTimeOffset.UnixEpoch.AddSeconds(random.Next()):O}",
        "uri" => "https://shop.example/hook",
        "email" => $"somebody{random.Next()}@example.com",
        _ => "text",
    } : new string('a', (int)Math.Clamp(random.Next(12), Number(schema, "minLength") ?? 0, Number(schema, "maxLength") ?? 100));

    private static long? Number(JsonElement schema, string name) => schema.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : null;

    private static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());
}
