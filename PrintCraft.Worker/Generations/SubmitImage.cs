using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;
using PrintCraft.Worker.Images;
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
    ProviderGate gate,
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    ImageWrites writes,
    References references,
    CheckImage check,
    IOptions<ReplicateOptions> replicateOptions,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<SubmitImage> logger)
{
    private const int MaxStoreTries = 6;

    private static readonly string[] Events = ["start", "completed"];
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(5);

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !await HoldsClaimAsync(work))
        {
            // Stopping, or stopped for so long that another worker took over: nothing was asked yet, so say so instead of leaving a doubt.
            return await NotTakenAsync(work, new SubmitOutcome.NotTaken(null));
        }

        string? reference = null;
        if (work.Generation.ReferenceId is not null)
        {
            try
            {
                reference = await references.DataUrlAsync(work.Generation, cancellationToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                // Nothing was asked yet.
                return await NotTakenAsync(work, new SubmitOutcome.NotTaken(null));
            }

            if (reference is null)
            {
                return await check.GiveUpAsync(work, FailureCodes.ReferenceUnusable, CancellationToken.None);
            }
        }

        // Once asked, the answer is waited for and written down, also while stopping: a broken call may have bought an image.
        using var activity = GenerationTelemetry.StartProviderCall(work);
        using var response = await gate.CallAsync(token => SendAsync(work, reference, token), CancellationToken.None);
        if (response is null)
        {
            return await NotTakenAsync(work, new SubmitOutcome.NotTaken(gate.ClosedFor));
        }

        var outcome = SubmitOutcome.Of(response, time.GetUtcNow());
        switch (outcome)
        {
            case SubmitOutcome.Taken taken:
                Failpoint.Reach("W4");
                return await AdoptAsync(work, taken.Prediction, cancellationToken);
            case SubmitOutcome.NotTaken notTaken:
                gate.Heed(response, notTaken.RetryAfter);
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
                var hasOutput = prediction.Status == "succeeded" && prediction.Outputs.Count > 0;
                switch (await writes.AdoptAsync(work, prediction.Id, hasOutput))
                {
                    case Adoption.Adopted:
                        Failpoint.Reach("W5");
                        Submitted(logger, work.Image.Index, prediction.Id);
                        return await check.ContinueAsync(work, prediction, hasOutput, cancellationToken);
                    case Adoption.Orphan:
                        Orphaned(logger, prediction.Id);
                        await check.StopAsync(prediction.Id);
                        return ImageStep.Over;
                    default:
                        // Two images asked for the same, and this answer is the other one's: ours is still to be found.
                        return ImageStep.After(options.Value.PollMin);
                }
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

        return await work.Claim.RenewAsync(database, options.Value.Lease, CancellationToken.None);
    }

    private Task<ApiResponse<Prediction>> SendAsync(ImageWork work, string? reference, CancellationToken cancellationToken)
    {
        var (model, image) = (work.Model, work.Image);
        var webhook = replicateOptions.Value.WebhookBaseUrl is { } url
            ? $"{url.ToString().TrimEnd('/')}/webhooks/replicate?job={work.Generation.Id}&image={image.Index}&attempt={image.Attempt}&token={image.Token}"
            : null;
        var body = new CreatePrediction(model.Version, model.Input(work.Generation, image.Seed, reference), webhook, webhook is null ? null : Events);
        var left = work.Generation.Deadline - work.Run.Now;
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
        await writes.NotTakenAsync(work, wait);
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
