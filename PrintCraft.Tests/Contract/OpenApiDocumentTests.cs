using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using Xunit.Sdk;

namespace PrintCraft.Tests.Contract;

/// <summary>The document that others build on: whole, as it was promised, and the same as docs/openapi.json.</summary>
[Collection(nameof(BareApi))]
public sealed class OpenApiDocumentTests(BareApi fixture)
{
    private const string Address = "/openapi/v1.json";
    private const string File = "docs/openapi.json";
    private static readonly string[] Own = ["internal_error", "rate_limited", "service_unavailable"];

    [Fact]
    public async Task The_document_is_the_one_that_was_committed_and_takes_nothing_back()
    {
        var text = await fixture.Production.GetStringAsync(Address) + "\n";
        if (Snapshot.Read(File) is { } committed)
        {
            var changes = OpenApiChanges.Breaking(JsonDocument.Parse(committed).RootElement, JsonDocument.Parse(text).RootElement);
            var unreleased = Snapshot.Read("CHANGELOG.md")!.Split("\n## [")[1];
            var unsaid = changes.Where(change => !unreleased.Contains(change, StringComparison.Ordinal)).ToList();
            if (unsaid.Count > 0)
            {
                throw new XunitException(
                    $"This breaks what others have built. If it must be, say so in CHANGELOG.md under Unreleased, in these words:{Environment.NewLine}{string.Join(Environment.NewLine, unsaid)}");
            }
        }

        Snapshot.Check(File, text);
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_who_may_call_it_how_it_can_fail_and_how_it_looks()
    {
        var document = await fixture.Production.GetFromJsonAsync<JsonElement>(Address);

        Assert.Equal("3.1.1", document.GetProperty("openapi").GetString());
        Assert.Equal([], Findings(document));
    }

    [Fact]
    public async Task Names_that_the_source_documents_promise_are_there()
    {
        var document = await fixture.Production.GetFromJsonAsync<JsonElement>(Address);

        var create = document.GetProperty("paths").GetProperty("/api/v1/generations").GetProperty("post");
        Assert.Equal(("PrintCraft AI API", "1.0.0"), (document.GetProperty("info").GetProperty("title").GetString(), document.GetProperty("info").GetProperty("version").GetString()));
        Assert.Equal("createGeneration", create.GetProperty("operationId").GetString());
        Assert.All(["GenerationRequest", "GenerationResponse", "Problem"], name => Assert.Equal(name, document.GetProperty("components").GetProperty("schemas").GetProperty(name).GetProperty("title").GetString()));
        Assert.All(["BadRequest", "Unauthorized", "PaymentRequired"], name => Assert.True(document.GetProperty("components").GetProperty("responses").TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task Who_has_the_document_is_not_sent_it_again()
    {
        using var first = await fixture.Production.GetAsync(Address);
        using var again = new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };

        using var second = await fixture.Production.SendAsync(again);

        Assert.Equal((HttpStatusCode.NotModified, 0), (second.StatusCode, (await second.Content.ReadAsByteArrayAsync()).Length));
    }

    /// <summary>Everything that a reader would miss.</summary>
    private static List<string> Findings(JsonElement document)
    {
        var findings = new List<string>();
        var ids = new HashSet<string>();
        var tags = document.GetProperty("tags").EnumerateArray().Where(tag => Has(tag, "description")).Select(tag => tag.GetProperty("name").GetString()).ToHashSet();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var (method, operation) in path.Value.EnumerateObject().Select(member => (member.Name, member.Value)))
            {
                var where = $"{method} {path.Name}";
                Check(Has(operation, "summary"), $"{where} has no summary");
                Check(Has(operation, "operationId") && ids.Add(operation.GetProperty("operationId").GetString()!), $"{where} has no operationId of its own");
                Check(operation.TryGetProperty("tags", out var named) && named.EnumerateArray().All(tag => tags.Contains(tag.GetString())), $"{where} has a tag that is not described");
                Check(operation.TryGetProperty("security", out var security), $"{where} does not say who may call it");
                Check(operation.TryGetProperty("parameters", out var parameters) is false || parameters.EnumerateArray().All(parameter => Has(parameter, "description")), $"{where} has a parameter without a description");
                Check(!operation.TryGetProperty("requestBody", out var body) || Contents(body).All(content => content.TryGetProperty("example", out _)), $"{where} has no example of its request");
                Responses(where, operation, isAnonymous: security.ValueKind == JsonValueKind.Array && security.GetArrayLength() == 0);
            }
        }

        return findings;

        void Responses(string where, JsonElement operation, bool isAnonymous)
        {
            var codes = new HashSet<string>();
            var responses = operation.GetProperty("responses").EnumerateObject().Select(response => (Status: response.Name, Value: Resolved(response.Value))).ToList();
            Check(responses.Exists(response => response.Status[0] == '2'), $"{where} has no good answer");
            foreach (var (status, response) in responses)
            {
                Check(Has(response, "description") && response.GetProperty("headers").TryGetProperty("X-Request-Id", out _), $"{where}: {status} has no description or no X-Request-Id");
                if (status[0] is '4' or '5')
                {
                    var problem = response.GetProperty("content").GetProperty("application/problem+json");
                    Check(problem.GetProperty("schema").GetProperty("$ref").GetString() == "#/components/schemas/Problem", $"{where}: {status} is no problem");
                    foreach (var example in problem.GetProperty("examples").EnumerateObject())
                    {
                        codes.Add(example.Name);
                        Check($"{example.Value.GetProperty("value").GetProperty("status")}" == status, $"{where}: {example.Name} is no {status}");
                    }
                }
                else if (status[0] == '2' && status != "204")
                {
                    Check(Contents(response).All(content => content.TryGetProperty("example", out _)), $"{where} has no example of its answer");
                }
            }

            string[] needed = [.. Own, .. isAnonymous ? Array.Empty<string>() : ["missing_token", "invalid_token", "forbidden"]];
            Check(!needed.Except(codes).Any(), $"{where} does not say {string.Join(", ", needed.Except(codes))}");
        }

        JsonElement Resolved(JsonElement response) =>
            response.TryGetProperty("$ref", out var reference) ? document.GetProperty("components").GetProperty("responses").GetProperty(reference.GetString()!.Split('/')[^1]) : response;

        void Check(bool holds, string finding)
        {
            if (!holds)
            {
                findings.Add(finding);
            }
        }
    }

    /// <summary>Pictures need no example.</summary>
    private static IEnumerable<JsonElement> Contents(JsonElement body) =>
        body.TryGetProperty("content", out var content) ? content.EnumerateObject().Where(one => !one.Name.StartsWith("image/", StringComparison.Ordinal)).Select(one => one.Value) : [];

    private static bool Has(JsonElement element, string member) => element.TryGetProperty(member, out var text) && text.GetString() is { Length: > 0 };
}
