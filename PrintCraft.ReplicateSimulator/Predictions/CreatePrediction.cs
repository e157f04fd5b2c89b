using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Control;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>
/// https://replicate.com/docs/topics/predictions/create-a-prediction. Sync mode answers 201 with the result, or 202 when its time is
/// over first; without <c>Prefer</c> the answer is 201 at once.
/// </summary>
internal sealed partial class CreatePrediction(PredictionStore store, PredictionRuns runs, Spend spend, TimeProvider time)
{
    private static readonly Field[] ModelRequest =
    [
        new("input", "object", Required: true), new("webhook", "string"), new("stream", "boolean"),
        new("webhook_events_filter", "array") { Allowed = ["start", "output", "logs", "completed"] },
    ];

    private static readonly Field[] VersionRequest = [new("version", "string", Required: true), .. ModelRequest];

    public Task<IResult> ByVersionAsync(HttpContext http) =>
        HandleAsync(http, VersionRequest, body => Model.Resolve(body.GetProperty("version").GetString()!));

    public async Task<IResult> ByModelAsync(HttpContext http, string owner, string name) =>
        Model.Find(owner, name) is { Official: true } model ? await HandleAsync(http, ModelRequest, _ => model) : Problem.NotFound;

    private async Task<IResult> HandleAsync(HttpContext http, Field[] request, Func<JsonElement, Model?> find)
    {
        JsonElement body;
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return Problem.Result(400, "Malformed request", "The request body is not valid JSON.");
        }

        if (Field.Check(body, "(root)", request, closed: true).ToList() is { Count: > 0 } wrong)
        {
            return Problem.Invalid(wrong);
        }

        if (find(body) is not { } model)
        {
            return Problem.Result(422, "Invalid version or not permitted", "The specified version does not exist, or you may not use it.");
        }

        if (!TryReadLifetime(http.Request.Headers["Cancel-After"], out var life))
        {
            return Problem.Invalid(new InvalidField("format", "Cancel-After", "Must be 5 seconds or more, such as 30s, 5m or 1h30m45s"));
        }

        if (CheckWebhook(body).Concat(model.Check(body.GetProperty("input"))).ToList() is { Count: > 0 } broken)
        {
            return Problem.Invalid(broken);
        }

        var stored = Store(http.Request, body, model, life);
        var created = stored.Current;
        spend.Record(created, stored.Order.Prompt);
        runs.Start(stored);
        return await AnswerAsync(http, created, stored);
    }

    private StoredPrediction Store(HttpRequest request, JsonElement body, Model model, TimeSpan? life)
    {
        string server = $"{request.Scheme}://{request.Host}", id = Name(26), folder = Name(40), get = $"{server}/v1/predictions/{id}";
        var now = time.GetUtcNow().UtcDateTime;
        var order = model.Read(body.GetProperty("input"));
        var files = Enumerable.Range(0, order.Count).Select(i => $"{server}{StoredPrediction.FilesPath}/{folder}/out-{i}.png").ToArray();
        var prediction = new Prediction
        {
            Id = id,
            Model = model.FullName,
            Version = model.Version,
            Input = body.GetProperty("input"),
            CreatedAt = now,
            Deadline = now + life,
            Webhook = body.TryGetProperty("webhook", out var webhook) ? webhook.GetString() : null,
            WebhookEventsFilter = body.TryGetProperty("webhook_events_filter", out var filter) ? filter.Deserialize<string[]>() : null,
            Urls = new($"{server}/p/{id}", get, $"{get}/cancel"),
        };
        var output = model.ListsOutput ? JsonSerializer.SerializeToElement(files) : JsonSerializer.SerializeToElement(files[0]);
        return store.Add(prediction, order, folder, output);
    }

    private async Task<IResult> AnswerAsync(HttpContext http, Prediction created, StoredPrediction stored)
    {
        http.Response.Headers.Location = created.Urls.Get;
        if (SyncMode().Match(http.Request.Headers["Prefer"].ToString()) is not { Success: true } prefer)
        {
            return Results.Json(created, SimulatorApp.Json, statusCode: 201);
        }

        var seconds = prefer.Groups["n"].Success ? Math.Min(60, int.Parse(prefer.Groups["n"].ValueSpan)) : 60;
        http.Response.Headers["Preference-Applied"] = prefer.Value;
        try
        {
            await stored.Ended.Task.WaitAsync(TimeSpan.FromSeconds(seconds), time, http.RequestAborted);
            return Results.Json(stored.Current, SimulatorApp.Json, statusCode: 201);
        }
        catch (TimeoutException)
        {
            return Results.Json(stored.Current, SimulatorApp.Json, statusCode: 202);
        }
    }

    private static IEnumerable<InvalidField> CheckWebhook(JsonElement body)
    {
        if (body.TryGetProperty("webhook", out var webhook)
            && !(Uri.TryCreate(webhook.GetString(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
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

    private static string Name(int length) => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", length);

    [GeneratedRegex("^wait(=(?<n>[1-9][0-9]?))?$")]
    private static partial Regex SyncMode();

    [GeneratedRegex("^(?=.)((?<h>[0-9]{1,4})h)?((?<m>[0-9]{1,4})m)?((?<s>[0-9]{1,6})s?)?$")]
    private static partial Regex Duration();
}
