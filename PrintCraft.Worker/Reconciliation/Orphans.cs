using System.Diagnostics.Metrics;
using System.Globalization;
using System.Web;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Replicate;
using PrintCraft.Worker.Generations;

using static PrintCraft.Core.Data.Sql;

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

    /// <summary>Waited for, or what an image was made of. $1 generation, $2 index, $3 attempt, $4 token, $5 prediction.</summary>
    private const string IsWanted = """
        SELECT EXISTS (
            SELECT FROM generation_images
            WHERE generation_id = $1 AND index = $2 AND ((completed_at IS NULL AND attempt = $3 AND token = $4) OR (status = 'succeeded' AND prediction_id = $5)))
        """;

    private static readonly string[] Final = ["succeeded", "failed", "canceled", "aborted"];

    private readonly Counter<int> _found = meters.Create("PrintCraft.Provider").CreateCounter<int>("printcraft.provider.orphans", "{prediction}", "Predictions that nobody waited for.");

    public TimeSpan Interval => options.Value.OrphanInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
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
                if (Submission(prediction, home) is { } submission && await IsOrphanAsync(connection, prediction, submission, cancellationToken))
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
    private async Task<bool> IsOrphanAsync(NpgsqlConnection connection, Prediction prediction, (Guid Job, int Image, int Attempt, string Token) submission, CancellationToken cancellationToken)
    {
        await using var look = connection.Statement(
            IsWanted, Value(submission.Job), Value(submission.Image), Value(submission.Attempt), Text(submission.Token), Text(prediction.Id));
        if (await look.ExecuteScalarAsync(cancellationToken) is true)
        {
            return false;
        }

        await using var write = connection.Statement(
            """
            INSERT INTO provider_runs (prediction_id, generation_id, image_index, attempt, is_orphan, created_at) VALUES ($1, $2, $3, $4, true, now()) ON CONFLICT DO NOTHING
            """,
            Text(prediction.Id), Value(submission.Job), Value(submission.Image), Value(submission.Attempt));
        var isNew = await write.ExecuteNonQueryAsync(cancellationToken) == 1;
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
