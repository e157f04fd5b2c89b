using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Control;

/// <summary>A create that was hit. Without a prediction it was refused; without a rule the prompt's tag did it.</summary>
internal sealed record FaultHit(DateTime At, string Script, long? Rule, string? Webhook, string? Prediction);

/// <summary>A webhook that was sent, or kept back. <c>Answer</c> is the HTTP status; null is none in time.</summary>
/// <param name="Kind"><c>true</c>, <c>forged</c>, <c>stale</c> or <c>lost</c>.</param>
internal sealed record WebhookLine(
    DateTime At, string Id, string Prediction, PredictionStatus Status, string? Webhook, string Kind, int? Answer);

/// <summary>What was done to callers, for tests that ask whether a fault happened at all.</summary>
internal sealed class FaultLog(SimulatorOptions options, TimeProvider time)
{
    public Recent<FaultHit> Hits { get; } = new(options.Kept);

    public Recent<WebhookLine> Webhooks { get; } = new(options.Kept);

    public void Record(PlannedFault? fault, string? webhook, string? prediction)
    {
        if (fault is not null)
        {
            Hits.Add(new(Now(), fault.Text, fault.Rule, webhook, prediction));
        }
    }

    public void Record(Prediction told, string id, string kind, int? answer)
    {
        // A bench counts, it does not look behind the curtain.
        if (!options.Bench)
        {
            Webhooks.Add(new(Now(), id, told.Id, told.Status, told.Webhook, kind, answer));
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;
}
