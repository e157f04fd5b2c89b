using System.Text.Json;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Control;

/// <summary>Looking behind the curtain, and shaking it. Development and Testing only.</summary>
internal static partial class ControlEndpoints
{
    private static readonly Field[] RuleRequest =
    [
        new("script", "string", Required: true), new("prompt", "string"), new("every", "integer", 1, int.MaxValue),
        new("chance", "number", 0, 1), new("seed", "integer", int.MinValue, int.MaxValue), new("seconds", "number", 0.001, 86_400),
    ];

    public static bool HasControl(this IHostEnvironment environment) => environment.IsDevelopment() || environment.IsEnvironment("Testing");

    public static void MapControl(this WebApplication app)
    {
        app.MapGet("/simulator/spend", (HttpRequest request, Spend spend) =>
            Instant.TryRead(request.Query["since"], DateTime.MinValue, out var since)
                ? Json(spend.Find(request.Query["webhook-contains"], since))
                : Problem.Invalid(new InvalidField("format", "since", "Does not match format 'date-time'")));
        app.MapGet("/simulator/webhooks", (HttpRequest request, FaultLog log) =>
            Json(log.Webhooks.Find(line => IsWanted(request, line.Webhook))));
        app.MapGet("/simulator/faults/hits", (HttpRequest request, FaultLog log) =>
            Json(log.Hits.Find(hit => IsWanted(request, hit.Webhook))));
        app.MapGet("/simulator/faults", (FaultRules rules) => Json(rules.All().Select(Describe)));
        app.MapPost("/simulator/faults", AddRuleAsync);
        app.MapDelete("/simulator/faults", (FaultRules rules) => Json(new { Removed = rules.Remove(null) }));
        app.MapDelete("/simulator/faults/{id:long}", (long id, FaultRules rules) =>
            rules.Remove(id) == 1 ? Results.NoContent() : Problem.NotFound);
        app.MapGet("/simulator/draw", DrawAsync);
    }

    private static async Task<IResult> AddRuleAsync(HttpContext http, FaultRules rules, TimeProvider time, ILogger<FaultRules> logger)
    {
        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, SimulatorApp.Json, http.RequestAborted);
        }
        catch (JsonException)
        {
            return Problem.Malformed;
        }

        if (Field.Check(body, "(root)", RuleRequest, closed: true).ToList() is { Count: > 0 } wrong)
        {
            return Problem.Invalid(wrong);
        }

        var text = body.GetProperty("script").GetString()!;
        if (FaultScriptReader.Read(text, out var error) is not { } script)
        {
            return Problem.Invalid(new InvalidField("simulator", "script", error!));
        }

        var rule = rules.Add(id => new(
            id,
            text,
            script,
            body.TryGetProperty("prompt", out var prompt) ? prompt.GetString() : null,
            body.TryGetProperty("every", out var every) ? every.GetInt32() : 1,
            body.TryGetProperty("chance", out var chance) ? chance.GetDouble() : 1,
            body.TryGetProperty("seed", out var seed) ? seed.GetInt32() : Random.Shared.Next(),
            body.TryGetProperty("seconds", out var seconds) ? time.GetUtcNow().UtcDateTime.AddSeconds(seconds.GetDouble()) : null));
        LogRule(logger, rule.Id, rule.Text, rule.Seed);
        return Results.Json(Describe(rule), SimulatorApp.Json, statusCode: 201);
    }

    private static object Describe(FaultRule rule) =>
        new { rule.Id, Script = rule.Text, rule.Prompt, rule.Every, rule.Chance, rule.Seed, rule.EndsAt, rule.Matched, rule.Hits };

    private static bool IsWanted(HttpRequest request, string? webhook) =>
        request.Query["webhook-contains"].ToString() is not { Length: > 0 } part || webhook?.Contains(part, StringComparison.Ordinal) == true;

    private static async Task<IResult> DrawAsync(
        string prompt, long? seed, int? width, int? height, Gallery gallery, CancellationToken cancellationToken) =>
        new Order(prompt, seed ?? 1, width ?? 512, height ?? 512, 1, 1) is { Failure: null } order
            ? Results.Bytes(await gallery.DrawAsync(order, cancellationToken), "image/png")
            : Problem.NotFound;

    private static IResult Json(object value) => Results.Json(value, SimulatorApp.Json);

    [LoggerMessage(LogLevel.Information, "Fault rule {Id}: {Script}, seed {Seed}.")]
    private static partial void LogRule(ILogger logger, long id, string script, int seed);
}
