using System.Text.Json;
using System.Text.RegularExpressions;
using PrintCraft.ReplicateSimulator.Catalogue;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>A create whose body and headers are in order.</summary>
/// <param name="Life">From <c>Cancel-After</c>.</param>
internal sealed partial record PredictionRequest(JsonElement Body, Model Model, TimeSpan? Life)
{
    /// <summary>Members of the body when the route names the model.</summary>
    public static readonly Field[] ByModel =
    [
        new("input", "object", Required: true), new("webhook", "string"), new("stream", "boolean"),
        new("webhook_events_filter", "array") { Allowed = ["start", "output", "logs", "completed"] },
    ];

    public static readonly Field[] ByVersion = [new("version", "string", Required: true), .. ByModel];

    public JsonElement Input => Body.GetProperty("input");

    public string? Webhook => Body.TryGetProperty("webhook", out var webhook) ? webhook.GetString() : null;

    public string[]? WebhookEventsFilter =>
        Body.TryGetProperty("webhook_events_filter", out var filter) ? filter.Deserialize<string[]>() : null;

    /// <summary>The request; or null and the answer that says what is wrong with it.</summary>
    public static async Task<(PredictionRequest? Request, IResult? Wrong)> ReadAsync(
        HttpContext http, Field[] fields, Func<JsonElement, Model?> find)
    {
        JsonElement body;
        try
        {
            body = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            return (null, Problem.Malformed);
        }

        if (Field.Check(body, "(root)", fields, closed: true).ToList() is { Count: > 0 } wrong)
        {
            return (null, Problem.Invalid(wrong));
        }

        if (find(body) is not { } model)
        {
            const string Unknown = "The specified version does not exist, or you may not use it.";
            return (null, Problem.Result(422, "Invalid version or not permitted", Unknown));
        }

        if (!TryReadLifetime(http.Request.Headers["Cancel-After"], out var life))
        {
            return (null, Problem.Invalid(new InvalidField("format", "Cancel-After", "Must be 5 seconds or more, such as 30s, 5m or 1h30m45s")));
        }

        var request = new PredictionRequest(body, model, life);
        return request.CheckWebhook().Concat(model.Check(request.Input)).ToList() is { Count: > 0 } broken
            ? (null, Problem.Invalid(broken))
            : (request, null);
    }

    private IEnumerable<InvalidField> CheckWebhook()
    {
        if (Webhook is { } webhook && !(Uri.TryCreate(webhook, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return new("format", "webhook", "Must be an http or https URL");
        }
    }

    private static bool TryReadLifetime(string? header, out TimeSpan? life)
    {
        life = null;
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }

        var match = Duration().Match(header);
        int Part(string unit) => match.Groups[unit].Success ? int.Parse(match.Groups[unit].ValueSpan) : 0;
        life = new TimeSpan(Part("h"), Part("m"), Part("s"));
        return match.Success && life >= TimeSpan.FromSeconds(5);
    }

    [GeneratedRegex("^(?=.)((?<h>[0-9]{1,4})h)?((?<m>[0-9]{1,4})m)?((?<s>[0-9]{1,6})s?)?$")]
    private static partial Regex Duration();
}
