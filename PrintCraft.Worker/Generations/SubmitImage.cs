using System.Security.Cryptography;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;
using PrintCraft.Worker.Telemetry;

using Refit;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Asks Replicate for one image, once per committed intent. Replicate has no idempotency key, so the order is: commit the intent (with a
/// random token that stands in the webhook address), ask, store the id. A crash before asking costs the grace time of
/// <see cref="FindSubmission"/>; a crash after it costs nothing, because the prediction is found by its token.
/// </summary>
internal sealed partial class SubmitImage(
    IReplicateApi replicate,
    IServiceScopeFactory scopes,
    CheckImage check,
    IOptions<ReplicateOptions> replicateOptions,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<SubmitImage> logger)
{
    private const int MaxStoreTries = 6;

    private static readonly string[] Events = ["start", "completed"];
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Marks every image of the claimed generation that is to be submitted now; answers which. Belongs in a transaction that holds the lock.</summary>
    public static async Task<IReadOnlySet<int>> IntendAsync(PrintCraftDb db, GenerationClaim claim, CancellationToken cancellationToken)
    {
        var ready = await db.Database
            .SqlQuery<int>(
                $"""
                SELECT index AS "Value" FROM generation_images JOIN generations ON id = generation_id
                WHERE generation_id = {claim.Id} AND generation_images.status = 'pending' AND (not_before IS NULL OR not_before <= now()) AND deadline > now()
                """)
            .ToListAsync(cancellationToken);
        foreach (var index in ready)
        {
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            await db.Database.ExecuteSqlAsync(
                $"""
                UPDATE generation_images
                SET status = 'submitting', attempt = attempt + 1, token = {token}, submit_intent_at = now(), not_before = NULL, prediction_id = NULL
                WHERE generation_id = {claim.Id} AND index = {index} AND status = 'pending'
                """,
                cancellationToken);
        }

        return ready.ToHashSet();
    }

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !await HoldsClaimAsync(work))
        {
            // Stopping, or stopped for so long that another worker took over: nothing was asked yet, so say so instead of leaving a doubt.
            return await NotTakenAsync(work, new SubmitOutcome.NotTaken(null));
        }

        // Once asked, the answer is waited for and written down, also while stopping: a broken call may have bought an image.
        using var activity = GenerationTelemetry.StartProviderCall(work);
        using var response = await SendAsync(work, CancellationToken.None);
        var outcome = SubmitOutcome.Of(response, time.GetUtcNow());
        switch (outcome)
        {
            case SubmitOutcome.Taken taken:
                Failpoint.Reach("W4");
                return await AdoptAsync(work, taken.Prediction, cancellationToken);
            case SubmitOutcome.NotTaken notTaken:
                NotTaken(logger, work.Image.Index, response.Error?.GetBaseException().Message ?? $"status {(int?)response.StatusCode}");
                return await NotTakenAsync(work, notTaken);
            case SubmitOutcome.Refused:
                Refused(logger, work.Image.Index, (int?)response.StatusCode, VendorText.Safe((response.Error as ApiException)?.Content, work.Generation));
                return await check.GiveUpAsync(work, FailureCodes.ProviderRejected, CancellationToken.None);
            default:
                Unknown(logger, work.Image.Index, response.Error?.GetBaseException().Message ?? $"status {(int?)response.StatusCode}");
                return ImageStep.After(options.Value.PollMin);
        }
    }

    /// <summary>
    /// Stores the provider's id for the attempt that asked, and goes on with what the prediction says. Needs no claim: the id is true whoever
    /// holds it. Tried for a while when the database is away, because the id is in no other hand. A run that is no longer wanted is cancelled.
    /// </summary>
    public async Task<ImageStep> AdoptAsync(ImageWork work, Prediction prediction, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await StoreIdAsync(work, prediction.Id))
                {
                    Failpoint.Reach("W5");
                    Submitted(logger, work.Image.Index, prediction.Id);
                    return await check.ContinueAsync(work, prediction, cancellationToken);
                }

                Orphaned(logger, prediction.Id);
                await check.CancelAsync(prediction.Id);
                return ImageStep.Over;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && attempt < MaxStoreTries)
            {
                NotStored(logger, prediction.Id, exception.Message);
                await Task.Delay(RetryPlan.Delay(attempt, options.Value.RetryFirst, null, Random.Shared.NextDouble()), CancellationToken.None);
            }
        }
    }

    /// <summary>Whether this process may still act on the intent. Asks the database only when much of the lease is over, as after SIGSTOP.</summary>
    private async Task<bool> HoldsClaimAsync(ImageWork work)
    {
        if (time.GetElapsedTime(work.Run.ClaimedAt) < options.Value.Lease / 2)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await work.Claim.RenewAsync(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), options.Value.Lease, CancellationToken.None);
    }

    private async Task<bool> StoreIdAsync(ImageWork work, string predictionId)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await db.Database.ExecuteSqlAsync($"SELECT 1 FROM generations WHERE id = {work.Generation.Id} FOR UPDATE", CancellationToken.None);
        var adopted = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generation_images
            SET status = 'submitted', prediction_id = {predictionId}, submitted_at = now(), refusals = 0, progress = greatest(progress, {ProgressRules.Submitted})
            WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND status = 'submitting' AND attempt = {work.Image.Attempt} AND token = {work.Image.Token}
            """,
            CancellationToken.None);
        if (adopted == 1)
        {
            await db.AppendEventAsync(work.Generation.Id, "submitted", work.Image.Index, time.GetUtcNow(), CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
        return adopted == 1;
    }

    private Task<ApiResponse<Prediction>> SendAsync(ImageWork work, CancellationToken cancellationToken)
    {
        var (model, image) = (work.Model, work.Image);
        var webhook = replicateOptions.Value.WebhookBaseUrl is { } url
            ? $"{url.ToString().TrimEnd('/')}/webhooks/replicate?job={work.Generation.Id}&image={image.Index}&attempt={image.Attempt}&token={image.Token}"
            : null;
        var body = new CreatePrediction(model.Version, model.Input(work.Generation, image.Seed), webhook, webhook is null ? null : Events);
        var left = work.Generation.Deadline - time.GetUtcNow();
        var cancelAfter = $"{(int)(left > ShortestDeadline ? left : ShortestDeadline).TotalSeconds}s";
        return model.Version is null
            ? replicate.CreateForModelAsync(model.Owner, model.Name, body, cancelAfter, cancellationToken)
            : replicate.CreateAsync(body, cancelAfter, cancellationToken);
    }

    /// <summary>Back to pending. The attempt does not count: the provider did nothing.</summary>
    private async Task<ImageStep> NotTakenAsync(ImageWork work, SubmitOutcome.NotTaken outcome)
    {
        // Neither so short that a Retry-After of 0 becomes a storm, nor, unless asked for, so long that a customer waits after it is back.
        var planned = RetryPlan.Delay(work.Image.Refusals + 1, options.Value.RetryFirst, outcome.RetryAfter, Random.Shared.NextDouble());
        var wait = outcome.RetryAfter is null && planned > options.Value.RefusedMax ? options.Value.RefusedMax : planned > options.Value.PollMin ? planned : options.Value.PollMin;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE generation_images
            SET status = 'pending', attempt = attempt - 1, refusals = refusals + 1, token = NULL, submit_intent_at = NULL, not_before = now() + {wait}
            WHERE generation_id = {work.Generation.Id} AND index = {work.Image.Index} AND status = 'submitting' AND attempt = {work.Image.Attempt} AND token = {work.Image.Token}
            """,
            CancellationToken.None);
        return ImageStep.After(wait);
    }

    [LoggerMessage(LogLevel.Information, "Image {Index} runs at Replicate as {PredictionId}.")]
    private static partial void Submitted(ILogger logger, int index, string predictionId);

    [LoggerMessage(LogLevel.Warning, "Prediction {PredictionId} is of an attempt that is no longer waited for; it is cancelled.")]
    private static partial void Orphaned(ILogger logger, string predictionId);

    [LoggerMessage(LogLevel.Warning, "The id of {PredictionId} could not be stored yet: {Reason}")]
    private static partial void NotStored(ILogger logger, string predictionId, string reason);

    [LoggerMessage(LogLevel.Warning, "Replicate did not take image {Index}; it waits: {Reason}")]
    private static partial void NotTaken(ILogger logger, int index, string reason);

    [LoggerMessage(LogLevel.Error, "Replicate refused image {Index} with {Status}: {Answer}")]
    private static partial void Refused(ILogger logger, int index, int? status, string answer);

    [LoggerMessage(LogLevel.Warning, "Whether Replicate took image {Index} is unknown; it is looked for before it is asked again: {Reason}")]
    private static partial void Unknown(ILogger logger, int index, string reason);
}
