using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.Security;

/// <summary>An operation of the OpenAPI document, by which tests reach all of them, also those that come later.</summary>
internal sealed record Operation(string Method, string Path, JsonElement Element, JsonElement Document)
{
    private const string AdminPath = "/api/v1/admin/";
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete"];

    public string Id => Element.GetProperty("operationId").GetString()!;

    /// <summary>For support and administrators.</summary>
    public bool IsAdministration => Path.StartsWith(AdminPath, StringComparison.Ordinal) || Path == "/health/details";

    public bool IsStream => Element.GetProperty("responses").EnumerateObject().Any(response =>
        Resolve(response.Value).TryGetProperty("content", out var content) && content.TryGetProperty("text/event-stream", out _)) || Path.EndsWith("/events", StringComparison.Ordinal);

    public IEnumerable<JsonElement> Parameters => Element.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve) : [];

    public JsonElement? BodySchema => Body?.GetProperty("schema");

    /// <summary>The documented example, if there is one.</summary>
    public JsonElement? BodyExample => Body is { } body && body.TryGetProperty("example", out var example) ? example : null;

    /// <summary>What it says it can answer.</summary>
    public IReadOnlySet<string> Statuses => Element.GetProperty("responses").EnumerateObject().Select(response => response.Name).ToHashSet();

    private JsonElement? Body =>
        Element.TryGetProperty("requestBody", out var body) && Resolve(body).GetProperty("content").TryGetProperty("application/json", out var json) ? json : null;

    public static async Task<IReadOnlyList<Operation>> ReadAllAsync(HttpClient http)
    {
        var document = await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from method in path.Value.EnumerateObject()
               where Methods.Contains(method.Name)
               select new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value, document),
        ];
    }

    /// <summary>What a <c>$ref</c> refers to.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()![2..].Split('/').Aggregate(Document, (at, name) => at.GetProperty(name));
        }

        return element;
    }

    public HttpRequestMessage Request(string? id = null) => new(new HttpMethod(Method), id is null ? Path : Path.Replace("{id}", id, StringComparison.Ordinal));

    public override string ToString() => $"{Method} {Path}";
}
