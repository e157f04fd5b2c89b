using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrintCraft.Tests.Contract;

public sealed class OpenApiChangesTests
{
    private const string Document = """
        {"paths":{"/things":{
            "get":{"operationId":"list","parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":100}}],
                "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}},"404":{}}},
            "post":{"operationId":"create","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewThing"}}}},
                "responses":{"201":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}}}}}},
         "components":{"schemas":{
            "Thing":{"type":"object","required":["id","state"],"properties":{"id":{"type":"string","format":"uuid"},"state":{"$ref":"#/components/schemas/State"},
                "parts":{"type":"array","items":{"$ref":"#/components/schemas/Thing"}},"note":{"type":["null","string"]}}},
            "State":{"enum":["new","old"]},
            "NewThing":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":10},"size":{"type":["null","integer"]}}}}}}
        """;

    [Theory]
    [InlineData("paths./things.get", null, "GET /things is gone")]
    [InlineData("paths./things", null, "POST /things is gone")]
    [InlineData("paths./things.get.operationId", "\"all\"", "GET /things has another operationId")]
    [InlineData("paths./things.get.parameters", "[]", "GET /things: the parameter query limit is gone")]
    [InlineData("paths./things.get.parameters.0.required", "true", "GET /things: the parameter query limit is now required")]
    [InlineData("paths./things.get.parameters.0.schema.maximum", "50", "GET /things: query limit: maximum is now 50")]
    [InlineData("paths./things.post.requestBody", null, "POST /things takes no body any more")]
    [InlineData("paths./things.get.requestBody", """{"required":true}""", "GET /things now asks for a body")]
    [InlineData("paths./things.post.responses", """{"202":{}}""", "POST /things: 201 is no answer any more")]
    [InlineData("paths./things.get.responses.200.content", """{"text/csv":{}}""", "GET /things: 200 is not application/json any more")]
    [InlineData("components.schemas.Thing.properties.note", null, "GET /things: 200.note is gone")]
    [InlineData("components.schemas.Thing.properties.id.format", null, "GET /things: 200.id was string (uuid) and is string")]
    [InlineData("components.schemas.Thing.properties.id.type", "[\"null\",\"string\"]", "GET /things: 200.id was string (uuid) and is null or string (uuid)")]
    [InlineData("components.schemas.Thing.required", "[\"id\"]", "GET /things: 200.state may now be missing")]
    [InlineData("components.schemas.State.enum", "[\"new\"]", "GET /things: 200.state has no value old any more")]
    [InlineData("components.schemas.NewThing.required", "[\"name\",\"size\"]", "POST /things: the request.size is now required")]
    [InlineData("components.schemas.NewThing.properties.size", null, "POST /things: the request.size is gone")]
    [InlineData("components.schemas.NewThing.properties.size.type", "\"integer\"", "POST /things: the request.size was integer or null and is integer")]
    [InlineData("components.schemas.NewThing.properties.name.maxLength", "5", "POST /things: the request.name: maxLength is now 5")]
    [InlineData("components.schemas.NewThing.properties.name.enum", "[\"a\"]", "POST /things: the request.name now takes some values only")]
    public void What_others_built_on_is_missed(string path, string? value, string expected)
    {
        Assert.Contains(expected, Breaking(path, value));
    }

    [Theory]
    [InlineData("paths./things.get.description", "\"all of them\"")]
    [InlineData("paths./more", """{"get":{"operationId":"more"}}""")]
    [InlineData("paths./things.get.parameters.1", """{"name":"q","in":"query","schema":{"type":"string"}}""")]
    [InlineData("paths./things.get.responses.429", "{}")]
    [InlineData("paths./things.get.responses.404", null)]
    [InlineData("paths./things.get.parameters.0.schema.maximum", "200")]
    [InlineData("components.schemas.Thing.properties.more", """{"type":"string"}""")]
    [InlineData("components.schemas.Thing.required", """["id","state","note"]""")]
    [InlineData("components.schemas.State.enum", """["new","old","ancient"]""")]
    [InlineData("components.schemas.NewThing.properties.colour", """{"type":"string"}""")]
    [InlineData("components.schemas.NewThing.properties.name.maxLength", "20")]
    public void What_can_be_left_alone_breaks_nothing(string path, string? value) => Assert.Equal([], Breaking(path, value));

    [Fact]
    public void The_same_document_has_not_changed() => Assert.Equal([], OpenApiChanges.Breaking(Parse(Document), Parse(Document)));

    private static IReadOnlyList<string> Breaking(string path, string? value)
    {
        var changed = JsonNode.Parse(Document)!;
        var steps = path.Split('.');
        var parent = steps[..^1].Aggregate(changed, (node, step) => int.TryParse(step, out var index) && node is JsonArray array ? array[index]! : node[step]!);
        if (parent is JsonArray list)
        {
            list.Add(JsonNode.Parse(value!));
        }
        else if (value is null)
        {
            Assert.True(parent.AsObject().Remove(steps[^1]));
        }
        else
        {
            parent[steps[^1]] = JsonNode.Parse(value);
        }

        return OpenApiChanges.Breaking(Parse(Document), Parse(changed.ToJsonString()));
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}
