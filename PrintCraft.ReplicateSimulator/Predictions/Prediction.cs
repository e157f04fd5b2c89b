using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary><c>canceled</c>: by the user, or by its deadline after it started; <c>aborted</c>: by its deadline before that.</summary>
internal enum PredictionStatus { Starting, Processing, Succeeded, Failed, Canceled, Aborted }

/// <summary>
/// The prediction object, the same in every answer and as the body of every webhook:
/// https://replicate.com/docs/reference/http#predictions.get. It never changes; a new state is a new object.
/// </summary>
internal sealed record Prediction
{
    /// <summary>26 lowercase letters and digits.</summary>
    public required string Id { get; init; }

    public required string Model { get; init; }

    /// <summary><c>hidden</c> for official models.</summary>
    public required string Version { get; init; }

    /// <summary>The name of the deployment that it was created with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deployment { get; init; }

    public required JsonElement Input { get; init; }

    /// <summary>Grows while the model runs; progress is only in here, as tqdm prints it.</summary>
    public string Logs { get; init; } = "";

    /// <summary>Not there at all in the answer to a create; null once removed or canceled. Recorded from the service.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Output { get; init; }

    public bool DataRemoved { get; init; }

    public string? Error { get; init; }

    public PredictionStatus Status { get; init; }

    public string Source { get; } = "api";

    public required DateTime CreatedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? StartedAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? CompletedAt { get; init; }

    /// <summary>From <c>Cancel-After</c>: https://replicate.com/docs/topics/predictions/lifecycle.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? Deadline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionMetrics? Metrics { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Webhook { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? WebhookEventsFilter { get; init; }

    public required PredictionUrls Urls { get; init; }

    [JsonIgnore]
    public bool Ended => Status is not (PredictionStatus.Starting or PredictionStatus.Processing);
}

/// <summary>Seconds: running, and from create to end.</summary>
internal sealed record PredictionMetrics(double PredictTime, double TotalTime);

internal sealed record PredictionUrls(string Web, string Get, string Cancel);

/// <summary>https://replicate.com/docs/reference/http#predictions.list</summary>
internal sealed record PredictionPage(string? Previous, string? Next, IReadOnlyList<Prediction> Results);
