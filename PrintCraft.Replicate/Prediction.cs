using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrintCraft.Replicate;

/// <summary>A run of a model. Source: https://replicate.com/docs/reference/http#predictions.get.</summary>
/// <param name="Id">26 lower-case letters and digits.</param>
/// <param name="Status">starting, processing, succeeded, failed, canceled (by somebody, or past its deadline after it had started) or aborted (deadline before it started).</param>
/// <param name="Input">What it was asked; gone after an hour.</param>
/// <param name="Output">For image models one address or a list of them; an address may be a <c>data:</c> URI. Null until there is some, and again an hour later.</param>
/// <param name="Error">The model's words; for the log, never for a customer.</param>
/// <param name="Logs">What the model printed; the only source of progress.</param>
/// <param name="DataRemoved">Input, output and files were deleted.</param>
/// <param name="CreatedAt">RFC 3339.</param>
/// <param name="Webhook">The address that was asked for, query included.</param>
/// <param name="Model">owner/name.</param>
/// <param name="Version">64 hex digits; "hidden" for official models.</param>
/// <param name="Metrics">Durations in seconds.</param>
public sealed record Prediction(
    string Id,
    string Status,
    JsonObject? Input = null,
    JsonElement? Output = null,
    JsonElement? Error = null,
    string? Logs = null,
    bool DataRemoved = false,
    DateTimeOffset? CreatedAt = null,
    string? Webhook = null,
    string? Model = null,
    string? Version = null,
    PredictionMetrics? Metrics = null)
{
    /// <summary>The addresses of the output, whichever way the model gives them.</summary>
    public IReadOnlyList<string> Outputs => Output switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };
}

/// <param name="PredictTime">Seconds the model ran.</param>
public sealed record PredictionMetrics(double? PredictTime = null);

/// <summary>A request to run a model. <paramref name="Version"/> is null for official models.</summary>
/// <param name="Version">64 hex digits.</param>
/// <param name="Input">The model's own inputs.</param>
/// <param name="Webhook">Where to tell; null for nowhere.</param>
/// <param name="WebhookEventsFilter">Some of start, output, logs, completed.</param>
public sealed record CreatePrediction(string? Version, JsonObject Input, string? Webhook, IReadOnlyList<string>? WebhookEventsFilter);

/// <param name="Next">Address of the next page; its <c>cursor</c> parameter leads there. Null at the end.</param>
/// <param name="Results">Newest first.</param>
public sealed record PredictionPage(string? Next, IReadOnlyList<Prediction> Results);

/// <param name="Key"><c>whsec_</c> and base64.</param>
public sealed record WebhookSecret(string Key);
