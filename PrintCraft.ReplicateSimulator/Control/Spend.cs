using System.Security.Cryptography;
using System.Text;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Control;

/// <summary>Every accepted create, whatever became of it: what the real service would put on the bill. Prompts only as a hash.</summary>
internal sealed class Spend(SimulatorOptions options)
{
    private readonly Lock _gate = new();
    private readonly Queue<SpendLine> _lines = new();

    public void Record(Prediction prediction, string prompt)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt)).AsSpan(0, 8));
        lock (_gate)
        {
            _lines.Enqueue(new(prediction.Id, prediction.Model, hash, prediction.Webhook, prediction.CreatedAt));
            if (_lines.Count > options.Kept)
            {
                _lines.Dequeue();
            }
        }
    }

    public SpendLine[] Find(string? webhookContains, DateTime since)
    {
        lock (_gate)
        {
            return
            [
                .. _lines.Where(line => line.At >= since)
                    .Where(line => webhookContains is null || line.Webhook?.Contains(webhookContains, StringComparison.Ordinal) == true),
            ];
        }
    }
}

internal sealed record SpendLine(string Id, string Model, string PromptHash, string? Webhook, DateTime At);

/// <summary>Looking behind the curtain. Development and Testing only.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this WebApplication app)
    {
        app.MapGet("/simulator/spend", (HttpRequest request, Spend spend) =>
            Instant.TryRead(request.Query["since"], DateTime.MinValue, out var since)
                ? Results.Json(spend.Find(request.Query["webhook-contains"], since), SimulatorApp.Json)
                : Problem.Invalid(new InvalidField("format", "since", "Does not match format 'date-time'")));
        app.MapGet("/simulator/draw", DrawAsync);
    }

    private static async Task<IResult> DrawAsync(
        string prompt, long? seed, int? width, int? height, Gallery gallery, CancellationToken cancellationToken) =>
        new Order(prompt, seed ?? 1, width ?? 512, height ?? 512, 1, 1) is { Failure: null } order
            ? Results.Bytes(await gallery.DrawAsync(order, cancellationToken), "image/png")
            : Problem.NotFound;
}
