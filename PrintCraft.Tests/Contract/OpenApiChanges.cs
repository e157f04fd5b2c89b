using System.Text.Json;

namespace PrintCraft.Tests.Contract;

/// <summary>
/// What a newer document takes from those who built on an older one: things that went, things that are now asked for, types that changed. What was
/// added and can be left alone is no such change. Request members count as taken when they go, because unknown ones are refused.
/// </summary>
internal static class OpenApiChanges
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    public static IReadOnlyList<string> Breaking(JsonElement older, JsonElement newer)
    {
        var changes = new List<string>();
        foreach (var path in older.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(member => Methods.Contains(member.Name)))
            {
                var where = $"{operation.Name.ToUpperInvariant()} {path.Name}";
                if (Get(newer, "paths", path.Name, operation.Name) is { } now)
                {
                    new Comparison(older, newer, changes).Operation(where, operation.Value, now);
                }
                else
                {
                    changes.Add($"{where} is gone");
                }
            }
        }

        return [.. changes.Distinct()];
    }

    private static JsonElement? Get(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private sealed class Comparison(JsonElement older, JsonElement newer, List<string> changes)
    {
        /// <summary>Pairs that were compared, or are being: schemas may contain themselves.</summary>
        private readonly HashSet<string> _seen = [];

        public void Operation(string where, JsonElement was, JsonElement now)
        {
            if (Get(was, "operationId")?.GetString() != Get(now, "operationId")?.GetString())
            {
                changes.Add($"{where} has another operationId");
            }

            Parameters(where, was, now);
            RequestBody(where, was, now);
            foreach (var response in Get(was, "responses")?.EnumerateObject().Where(response => response.Name[0] == '2') ?? [])
            {
                if (Get(now, "responses", response.Name) is { } still)
                {
                    Contents($"{where}: {response.Name}", Resolved(older, response.Value), Resolved(newer, still), isRequest: false);
                }
                else
                {
                    changes.Add($"{where}: {response.Name} is no answer any more");
                }
            }
        }

        private void Parameters(string where, JsonElement was, JsonElement now)
        {
            var before = ParametersOf(older, was);
            var after = ParametersOf(newer, now);
            foreach (var (name, parameter) in before)
            {
                if (!after.TryGetValue(name, out var still))
                {
                    changes.Add($"{where}: the parameter {name} is gone");
                }
                else if (Get(parameter, "schema") is { } schema && Get(still, "schema") is { } newSchema)
                {
                    Schema($"{where}: {name}", schema, newSchema, isRequest: true);
                }
            }

            changes.AddRange(after
                .Where(parameter => IsTrue(parameter.Value, "required") && !(before.TryGetValue(parameter.Key, out var old) && IsTrue(old, "required")))
                .Select(parameter => $"{where}: the parameter {parameter.Key} is now required"));
        }

        private void RequestBody(string where, JsonElement was, JsonElement now)
        {
            switch (Get(was, "requestBody"), Get(now, "requestBody"))
            {
                case ({ } body, { } newBody):
                    Contents($"{where}: the request", body, newBody, isRequest: true);
                    break;
                case ({ }, null):
                    changes.Add($"{where} takes no body any more");
                    break;
                case (null, { } asked) when IsTrue(asked, "required"):
                    changes.Add($"{where} now asks for a body");
                    break;
            }
        }

        private void Contents(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            foreach (var content in Get(was, "content")?.EnumerateObject() ?? [])
            {
                if (Get(now, "content", content.Name) is not { } still)
                {
                    changes.Add($"{where} is not {content.Name} any more");
                }
                else if (Get(content.Value, "schema") is { } schema && Get(still, "schema") is { } newSchema)
                {
                    Schema(where, schema, newSchema, isRequest);
                }
            }
        }

        private void Schema(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            var key = $"{Get(was, "$ref")}|{Get(now, "$ref")}|{isRequest}";
            if (key.StartsWith('#') && !_seen.Add(key))
            {
                return;
            }

            (was, now) = (Choice(older, was), Choice(newer, now));
            Types(where, was, now, isRequest);
            Values(where, was, now, isRequest);
            Bounds(where, was, now, isRequest);
            Members(where, was, now, isRequest);
            if (Get(was, "items") is { } items && Get(now, "items") is { } newItems)
            {
                Schema($"{where}[]", items, newItems, isRequest);
            }
        }

        /// <summary>A request may take more types than before, an answer fewer.</summary>
        private void Types(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            var (before, after) = (TypesOf(was), TypesOf(now));
            var lost = isRequest ? before.Except(after) : after.Except(before);
            if ((before.Count > 0 && after.Count > 0 && lost.Any()) || Get(was, "format")?.GetString() != Get(now, "format")?.GetString())
            {
                changes.Add($"{where} was {Told(before, was)} and is {Told(after, now)}");
            }

            static string Told(IReadOnlySet<string> types, JsonElement schema) => string.Join(" or ", types.Order()) + (Get(schema, "format") is { } format ? $" ({format})" : "");
        }

        private void Values(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            if (Get(was, "enum") is { } before)
            {
                var after = Get(now, "enum")?.EnumerateArray().Select(value => value.ToString()).ToList();
                changes.AddRange((after is null ? [] : before.EnumerateArray().Select(value => value.ToString()).Except(after)).Select(value => $"{where} has no value {value} any more"));
            }
            else if (isRequest && Get(now, "enum") is not null)
            {
                changes.Add($"{where} now takes some values only");
            }
        }

        private void Bounds(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            foreach (var (name, sign) in new[] { ("maximum", 1), ("maxLength", 1), ("maxItems", 1), ("minimum", -1), ("minLength", -1), ("minItems", -1) })
            {
                if (isRequest && Get(now, name) is { } bound && (Get(was, name) is not { } old || sign * bound.GetDouble() < sign * old.GetDouble()))
                {
                    changes.Add($"{where}: {name} is now {bound}");
                }
            }
        }

        private void Members(string where, JsonElement was, JsonElement now, bool isRequest)
        {
            var (required, newlyRequired) = (RequiredOf(was), RequiredOf(now));
            foreach (var member in Get(was, "properties")?.EnumerateObject() ?? [])
            {
                var name = $"{where}.{member.Name}";
                if (Get(now, "properties", member.Name) is not { } still)
                {
                    changes.Add($"{name} is gone");
                    continue;
                }

                if (!isRequest && required.Contains(member.Name) && !newlyRequired.Contains(member.Name))
                {
                    changes.Add($"{name} may now be missing");
                }

                Schema(name, member.Value, still, isRequest);
            }

            changes.AddRange((isRequest ? newlyRequired.Except(required) : []).Select(name => $"{where}.{name} is now required"));
        }

        private static Dictionary<string, JsonElement> ParametersOf(JsonElement document, JsonElement operation) =>
            (Get(operation, "parameters")?.EnumerateArray() ?? default).Select(parameter => Resolved(document, parameter))
                .ToDictionary(parameter => $"{parameter.GetProperty("in")} {parameter.GetProperty("name")}");

        private static HashSet<string> RequiredOf(JsonElement schema) => [.. (Get(schema, "required")?.EnumerateArray() ?? default).Select(name => name.GetString()!)];

        private static HashSet<string> TypesOf(JsonElement schema) => Get(schema, "type") switch
        {
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Select(type => type.GetString()!)],
            { } one => [one.GetString()!],
            null => [],
        };

        private static bool IsTrue(JsonElement element, string member) => Get(element, member)?.ValueKind == JsonValueKind.True;

        /// <summary>A thing or null is the thing.</summary>
        private static JsonElement Choice(JsonElement document, JsonElement schema)
        {
            schema = Resolved(document, schema);
            return Get(schema, "oneOf") is { } choices ? Resolved(document, choices.EnumerateArray().First(choice => Get(choice, "type")?.ToString() != "null")) : schema;
        }

        private static JsonElement Resolved(JsonElement document, JsonElement element) =>
            Get(element, "$ref")?.GetString() is { } reference ? Get(document, reference.Split('/').AsSpan(1))!.Value : element;
    }
}
