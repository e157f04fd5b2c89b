using System.Security.Cryptography;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
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
    private static readonly string[] Events = ["start", "logs", "completed"];
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Marks every image of the claimed generation that may be submitted now; answers which. Belongs in a transaction that holds the lock.</summary>
    public static async Task<IReadOnlySet<int>> CommitIntentsAsync(PrintCraftDb db, GenerationClaim claim, CancellationToken cancellationToken)
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
                SET status = 'submitting', attempt = attempt + 1, token = {token}, submit_intent_at = now(), not_before = NULL
                WHERE generation_id = {claim.Id} AND index = {index} AND status = 'pending'
                """,
                cancellationToken);
        }

        return ready.ToHashSet();
    }

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            // Stopping, and nothing was asked yet: say so, instead of leaving a doubt.
            return await NotTakenAsync(work, new SubmitOutcome.NotTaken(null), CancellationToken.None);
        }

        // Once asked, the answer is waited for, also while stopping: a broken call may have bought an image.
        using var activity = GenerationTelemetry.StartProviderCall(work);
        using var response = await SendAsync(work, CancellationToken.None);
        var outcome = SubmitOutcome.Of(response, time.GetUtcNow());
        switch (outcome)
        {
            case SubmitOutcome.Taken taken:
                await AdoptAsync(work, taken.Prediction.Id);
                Submitted(logger, work.Image.Index, taken.Prediction.Id);
                return await check.ContinueAsync(work, taken.Prediction, cancellationToken);
            case SubmitOutcome.NotTaken notTaken:
                NotTaken(logger, work.Image.Index, response.Error?.GetBaseException().Message ?? $"status {(int?)response.StatusCode}");
                return await NotTakenAsync(work, notTaken, cancellationToken);
            case SubmitOutcome.Refused:
                Refused(logger, work.Image.Index, (int?)response.StatusCode, VendorText.Safe((response.Error as ApiException)?.Content, work.Generation));
                return await check.GiveUpAsync(work, FailureCodes.ProviderRejected, cancellationToken);
            default:
                Unknown(logger, work.Image.Index, response.Error?.GetBaseException().Message ?? $"status {(int?)response.StatusCode}");
                return ImageStep.After(options.Value.PollMin);
        }
    }

    /// <summary>Stores the provider's id for the attempt that asked. Needs no claim: the id is true whoever holds it.</summary>
    public async Task AdoptAsync(ImageWork work, string predictionId)
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
    }

    private Task<ApiResponse<Prediction>> SendAsync(ImageWork work, CancellationToken cancellationToken)
    {
        var (model, image) = (work.Model, work.Image);
        var webhook = replicateOptions.Value.WebhookBaseUrl is { } url
            ? new Uri(url, $"/webhooks/replicate?job={work.Generation.Id}&image={image.Index}&attempt={image.Attempt}&token={image.Token}").ToString()
            : null;
        var body = new CreatePrediction(model.Version, model.Input(work.Generation, image.Seed), webhook, webhook is null ? null : Events);
        var left = work.Generation.Deadline - time.GetUtcNow();
        var cancelAfter = $"{(int)(left > ShortestDeadline ? left : ShortestDeadline).TotalSeconds}s";
        return model.Version is null
            ? replicate.CreateForModelAsync(model.Owner, model.Name, body, cancelAfter, cancellationToken)
            : replicate.CreateAsync(body, cancelAfter, cancellationToken);
    }

    /// <summary>Back to pending. The attempt does not count: the provider did nothing.</summary>
    private async Task<ImageStep> NotTakenAsync(ImageWork work, SubmitOutcome.NotTaken outcome, CancellationToken cancellationToken)
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
            cancellationToken);
        return ImageStep.After(wait);
    }

    [LoggerMessage(LogLevel.Information, "Image {Index} runs at Replicate as {PredictionId}.")]
    private static partial void Submitted(ILogger logger, int index, string predictionId);

    [LoggerMessage(LogLevel.Warning, "Replicate did not take image {Index}; it waits: {Reason}")]
    private static partial void NotTaken(ILogger logger, int index, string reason);

    [LoggerMessage(LogLevel.Error, "Replicate refused image {Index} with {Status}: {Answer}")]
    private static partial void Refused(ILogger logger, int index, int? status, string answer);

    [LoggerMessage(LogLevel.Warning, "Whether Replicate took image {Index} is unknown; it is looked for before it is asked again: {Reason}")]
    private static partial void Unknown(ILogger logger, int index, string reason);
}
