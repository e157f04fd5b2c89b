using System.Security.Cryptography;
using System.Text;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Control;

/// <summary>Every accepted create, whatever became of it: what the real service would put on the bill. Prompts only as a hash.</summary>
internal sealed class Spend(PredictionStore store, SimulatorOptions options)
{
    private readonly Recent<Bought> _bought = new(options.Kept);

    public void Record(Prediction prediction, string prompt) =>
        _bought.Add(new(prediction.Id, prediction.Model, Hash(prompt), prediction.Webhook, prediction.CreatedAt));

    public IEnumerable<SpendLine> Find(string? webhookContains, DateTime since) =>
        _bought.Find(one => one.At >= since && (webhookContains is null || one.Webhook?.Contains(webhookContains, StringComparison.Ordinal) == true))
            .Select(one => new SpendLine(one.Id, one.Model, one.PromptHash, one.Webhook, one.At, store.Find(one.Id)?.Current.Status));

    private static string Hash(string prompt) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)).AsSpan(0, 8));

    private sealed record Bought(string Id, string Model, string PromptHash, string? Webhook, DateTime At);
}

/// <summary><c>Status</c> is what became of it up to now; null once the prediction is forgotten.</summary>
internal sealed record SpendLine(string Id, string Model, string PromptHash, string? Webhook, DateTime At, PredictionStatus? Status);
