using System.Diagnostics.Metrics;
using System.Globalization;
using System.Web;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;
using PrintCraft.Worker.Generations;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Finds predictions of ours that nobody waits for: bought by a submission whose answer and webhook were lost for longer than the grace time, or left
/// running by a job that was cancelled or given up. They are written down as spend and stopped. Ours are known by the webhook address that they carry;
/// without webhooks they cannot be told from other programs' of the account, and are left alone.
/// </summary>
internal sealed partial class Orphans(
    IReplicateApi replicate,
    CheckImage check,
    IOptions<ReplicateOptions> replicateOptions,
    IOptions<ReconciliationOptions> options,
    IMeterFactory meters,
    TimeProvider time,
    ILogger<Orphans> logger) : IChore
{
    private const int MaxPages = 20;

    /// <summary>Older ones were looked at by earlier rounds; Replicate itself ends a run after half an hour.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(35);

    private static readonly string[] Final = ["succeeded", "failed", "canceled", "aborted"];

    private readonly Counter<int> _found = meters.Create("PrintCraft.Provider").CreateCounter<int>("printcraft.provider.orphans", "{prediction}", "Predictions that nobody waited for.");

    public TimeSpan Interval => options.Value.OrphanInterval;

    public async Task<int> RunOnceAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        if (replicateOptions.Value.WebhookBaseUrl is not { } home)
        {
            return 0;
        }

        var now = time.GetUtcNow();
        var (after, before) = (Stamp(now - Window), Stamp(now - options.Value.OrphanAge));
        var count = 0;
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var list = await replicate.ListAsync(after, before, cursor, cancellationToken);
            foreach (var prediction in list.Results)
            {
                if (Submission(prediction, home) is { } submission && await IsOrphanAsync(db, prediction, submission, cancellationToken))
                {
                    count++;
                }
            }

            cursor = list.Next is { } next ? HttpUtility.ParseQueryString(new Uri(next).Query)["cursor"] : null;
            if (cursor is null)
            {
                break;
            }
        }

        return count;
    }

    /// <summary>Whether it is one that was not known as such yet or still runs; then it is dealt with.</summary>
    private async Task<bool> IsOrphanAsync(PrintCraftDb db, Prediction prediction, (Guid Job, int Image, int Attempt, string Token) submission, CancellationToken cancellationToken)
    {
        var image = await db.GenerationImages
            .AsNoTracking()
            .SingleOrDefaultAsync(row => row.GenerationId == submission.Job && row.Index == submission.Image, cancellationToken);
        var isAwaited = image is not null && !image.Status.IsFinal() && image.Attempt == submission.Attempt && image.Token == submission.Token;
        if (isAwaited || (image?.Status == ImageStatus.Succeeded && image.PredictionId == prediction.Id))
        {
            return false;
        }

        var isNew = await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at)
            VALUES ({prediction.Id}, {submission.Job}, {submission.Image}, {submission.Attempt}, true, now()) ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
        var isRunning = !Final.Contains(prediction.Status);
        if (isRunning)
        {
            await check.StopAsync(prediction.Id);
        }

        if (isNew)
        {
            _found.Add(1);
            Found(logger, prediction.Id, submission.Job);
        }

        return isNew || isRunning;
    }

    private static (Guid Job, int Image, int Attempt, string Token)? Submission(Prediction prediction, Uri home)
    {
        if (prediction.Webhook is null || !prediction.Webhook.StartsWith(home.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var query = HttpUtility.ParseQueryString(new Uri(prediction.Webhook).Query);
        return Guid.TryParse(query["job"], out var job)
            && int.TryParse(query["image"], CultureInfo.InvariantCulture, out var image)
            && int.TryParse(query["attempt"], CultureInfo.InvariantCulture, out var attempt)
            && query["token"] is { Length: > 0 } token
            ? (job, image, attempt, token)
            : null;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "Prediction {PredictionId} of generation {GenerationId} was bought and nobody waits for it.")]
    private static partial void Found(ILogger logger, string predictionId, Guid generationId);
}
