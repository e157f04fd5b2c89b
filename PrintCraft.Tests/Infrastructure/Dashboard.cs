using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>The dashboard's telemetry API (OTLP as JSON), https://github.com/microsoft/aspire/blob/main/docs/specs/dashboard-http-api.md.</summary>
public static class Dashboard
{
    public static HttpClient Client(PrintCraftApp app)
    {
        var url = app.Configuration["ASPNETCORE_URLS"]!.Split(';')[0];
        var http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("x-api-key", app.Configuration["AppHost:DashboardApiKey"]);
        return http;
    }

    /// <summary>"service: span name" of every span of a trace; none while the dashboard does not know it or is not up.</summary>
    public static async Task<IReadOnlyList<string>> SpansAsync(HttpClient dashboard, string traceId) =>
        [.. (await ReadAsync(dashboard, $"/api/telemetry/traces/{traceId}", "resourceSpans")).SelectMany(resource =>
            Items(resource, "scopeSpans", "spans").Select(span => $"{Service(resource)}: {span.GetProperty("name").GetString()}"))];

    /// <summary>"service: message" of every log line of a trace.</summary>
    public static async Task<IReadOnlyList<string>> LogsAsync(HttpClient dashboard, string traceId) =>
        [.. (await ReadAsync(dashboard, "/api/telemetry/logs?limit=1000", "resourceLogs")).SelectMany(resource =>
            Items(resource, "scopeLogs", "logRecords")
                .Where(record => record.TryGetProperty("traceId", out var id) && id.GetString() == traceId)
                .Select(record => $"{Service(resource)}: {record.GetProperty("body").GetProperty("stringValue").GetString()}"))];

    private static async Task<IEnumerable<JsonElement>> ReadAsync(HttpClient dashboard, string path, string member)
    {
        try
        {
            using var response = await dashboard.GetAsync(path);
            return response.IsSuccessStatusCode
                ? [.. (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty(member).EnumerateArray()]
                : [];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement resource, string scopes, string items) =>
        resource.GetProperty(scopes).EnumerateArray().SelectMany(scope => scope.GetProperty(items).EnumerateArray());

    private static string? Service(JsonElement resource) => resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
        .First(attribute => attribute.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString();
}
