using System.ComponentModel.DataAnnotations;

namespace PrintCraft.ReplicateSimulator;

/// <summary>Section <c>Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string Section = "Simulator";

    /// <summary>
    /// From create to succeeded, for every model: two seconds, and nothing in a bench. The first seventh passes as <c>starting</c>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan? Latency { get; init; }

    /// <summary>How long input, output, logs and files of a finished prediction live. Replicate: one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "24:00:00")]
    public TimeSpan OutputLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// For load tests: creates answer <c>succeeded</c> unless <see cref="Latency"/> is given, and one image of about 50 KB per size instead of
    /// a drawing per prediction.
    /// </summary>
    public bool Bench { get; init; }

    /// <summary>Signs webhooks: <c>whsec_</c> and base64. Without one, each process makes its own.</summary>
    [RegularExpression("^whsec_[A-Za-z0-9+/]{20,}={0,2}$")]
    public string? WebhookSecret { get; init; }

    /// <summary>How long a webhook may take to answer. Replicate: "within a few seconds".</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Wait before the second delivery of a terminal webhook; doubled for each one after that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan WebhookRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No delivery is begun so long after the prediction ended, save the one that is already waiting.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan WebhookRetryWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Predictions, and lines of spend, kept in memory; beyond it the oldest finished ones are forgotten.</summary>
    [Range(100, 10_000_000)]
    public int Kept { get; init; } = 50_000;

    /// <summary>How long a run takes when no fault says otherwise.</summary>
    public TimeSpan RunTime => Latency ?? (Bench ? TimeSpan.Zero : TimeSpan.FromSeconds(2));
}
