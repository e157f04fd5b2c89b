using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Conventions;

/// <summary>What holds for every route, taken from the document, so that a new one cannot be forgotten.</summary>
[Collection(nameof(ApiAlone))]
public sealed class OpenApiTests(ApiAlone fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task An_id_of_somebody_else_is_not_found_on_any_route_and_in_no_list()
    {
        var (owner, stranger) = (_scenario.NewUser(), _scenario.NewUser());
        var id = await _scenario.OrderAsync(owner);
        var routes = (await OperationsAsync()).Where(operation => operation.Path.Contains("{id}", StringComparison.Ordinal) && !operation.Path.StartsWith("/api/v1/admin", StringComparison.Ordinal)).ToList();
        Assert.True(routes.Count >= 5, "the document has lost its routes");

        foreach (var (path, method, operation) in routes)
        {
            using var foreign = await SendAsync(stranger, method, path.Replace("{id}", $"{id}"), operation);
            using var unknown = await SendAsync(stranger, method, path.Replace("{id}", $"{Guid.CreateVersion7()}"), operation);
            var (one, other) = (await foreign.ProblemAsync(HttpStatusCode.NotFound, "not_found"), await unknown.ProblemAsync(HttpStatusCode.NotFound, "not_found"));
            Assert.Equal(one with { TraceId = null }, other with { TraceId = null, Error = one.Error });
            Assert.Equal(one.Error.Message, other.Error.Message);
        }

        foreach (var (path, _, _) in (await OperationsAsync()).Where(operation => operation.Method == "get" && !operation.Path.Contains('{') && !operation.Path.EndsWith("/events", StringComparison.Ordinal)))
        {
            var text = await (await stranger.Http.GetAsync(path)).Content.ReadAsStringAsync();
            Assert.DoesNotContain($"{id}", text, StringComparison.Ordinal);
        }

        Assert.Equal("pending", (await owner.Http.GetFromJsonAsync<JsonElement>($"/api/v1/generations/{id}")).GetProperty("status").GetString());
        await owner.Api.CancelGenerationAsync(id, CancellationToken.None);
    }

    private async Task<IReadOnlyList<(string Path, string Method, JsonElement Operation)>> OperationsAsync()
    {
        var document = await _scenario.NewUser().Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        return [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => (path.Name, method.Name, method.Value)))];
    }

    private static Task<HttpResponseMessage> SendAsync(TestUser user, string method, string path, JsonElement operation) => user.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = operation.TryGetProperty("requestBody", out _) ? JsonContent.Create(new { }) : null });
}
