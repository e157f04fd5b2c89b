using System.Net;
using System.Text.Json;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;
using PrintCraft.Worker.Images;
using PrintCraft.Worker.Reconciliation;

namespace PrintCraft.Worker.Generations;

/// <summary>Looks at a submitted image: reads the prediction from Replicate and does what its status asks for.</summary>
internal sealed partial class CheckImage(
    IReplicateApi replicate,
    FetchImage fetch,
    ImageWrites writes,
    MakeThumbnails thumbnails,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<CheckImage> logger)
{
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(5);

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        using var response = await replicate.GetAsync(work.Image.PredictionId!, cancellationToken);
        if (response is { IsSuccessful: true, Content: { } prediction })
        {
            return await ContinueAsync(work, prediction, isOutputTold: false, cancellationToken);
        }

        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return await GiveUpAsync(work, FailureCodes.OutputExpired, cancellationToken);
        }

        // Reading is free and may be repeated for as long as the job lives.
        Unreadable(logger, work.Image.PredictionId!, response.Error?.GetBaseException().Message ?? $"status {(int?)response.StatusCode}");
        var asked = SubmitOutcome.AskedPause(response, time.GetUtcNow()) ?? TimeSpan.Zero;
        return ImageStep.After(asked > options.Value.PollMax ? asked : options.Value.PollMax);
    }

    /// <summary>Goes on from a prediction that was just read (or created).</summary>
    /// <param name="isOutputTold">The output's event was written together with the prediction's id.</param>
    public async Task<ImageStep> ContinueAsync(ImageWork work, Prediction prediction, bool isOutputTold, CancellationToken cancellationToken)
    {
        switch (prediction.Status)
        {
            case "succeeded" when prediction.DataRemoved || prediction.Outputs.Count == 0:
                return await GiveUpAsync(work, FailureCodes.OutputExpired, cancellationToken);
            case "succeeded":
                Failpoint.Reach("W6");
                if (!isOutputTold)
                {
                    await writes.ReportAsync(work, ProgressRules.Output, "output", cancellationToken);
                }

                return await StoreAsync(work, prediction, cancellationToken);
            case "failed":
                ModelFailed(logger, prediction.Id, VendorText.Safe(prediction.Error?.ToString(), work.Generation));
                return await RetryAsync(work, IsRefusal(prediction.Error) ? FailureCodes.ContentRefused : FailureCodes.ModelFailed, cancellationToken);
            case "canceled":
                return await GiveUpAsync(work, FailureCodes.ProviderCanceled, cancellationToken);
            case "aborted":
                return await GiveUpAsync(work, FailureCodes.Timeout, cancellationToken);
            default:
                if (ProgressRules.FromLogs(prediction.Logs) is { } progress && progress > work.Image.Progress)
                {
                    await writes.ReportAsync(work, progress, "progress", cancellationToken);
                }

                return ImageStep.After(NextPoll(work));
        }
    }

    /// <summary>Ends the image without a picture; its share of the hold is released. A run that Replicate still has is cancelled, as far as that goes.</summary>
    public async Task<ImageStep> GiveUpAsync(ImageWork work, string code, CancellationToken cancellationToken)
    {
        if (await writes.EndAsync(work, ImageEnd.Failed(code), cancellationToken))
        {
            GivenUp(logger, work.Image.Index, code);
            if (code == FailureCodes.Timeout && work.Image.PredictionId is { } id)
            {
                await StopAsync(id);
            }
        }

        return ImageStep.Over;
    }

    /// <summary>
    /// Ends the image because its owner wants it. First the run at Replicate, so that nobody pays for what nobody wants; a run that is not known yet is
    /// found and stopped by <see cref="Orphans"/>.
    /// </summary>
    public async Task<ImageStep> CancelAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (work.Image.PredictionId is { } id)
        {
            await StopAsync(id);
        }

        await writes.EndAsync(work, ImageEnd.Canceled, cancellationToken);
        return ImageStep.Over;
    }

    /// <summary>Asks Replicate to stop a run, once and not for long: it has the deadline too.</summary>
    public async Task StopAsync(string predictionId)
    {
        using var limit = new CancellationTokenSource(CancelTimeout);
        try
        {
            using var canceled = await replicate.CancelAsync(predictionId, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Unreadable(logger, predictionId, "not cancelled in time");
        }
    }

    private async Task<ImageStep> StoreAsync(ImageWork work, Prediction prediction, CancellationToken cancellationToken)
    {
        var result = await fetch.RunAsync(work, prediction, cancellationToken);
        if (result.FailureCode is { } code)
        {
            return await GiveUpAsync(work, code, cancellationToken);
        }

        if (await writes.EndAsync(work, ImageEnd.Stored(result), cancellationToken))
        {
            Stored(logger, work.Image.Index, result.Image!.Bytes);
            thumbnails.Enqueue(work.Generation.Id, work.Image.Index);
        }

        return ImageStep.Over;
    }

    /// <summary>The model ran and failed: known, so it may be asked again, up to the limit.</summary>
    private async Task<ImageStep> RetryAsync(ImageWork work, string code, CancellationToken cancellationToken)
    {
        if (code == FailureCodes.ContentRefused || work.Image.Attempt >= options.Value.MaxAttempts)
        {
            return await GiveUpAsync(work, code, cancellationToken);
        }

        var wait = RetryPlan.Delay(work.Image.Attempt, options.Value.RetryFirst, null, Random.Shared.NextDouble());
        await writes.SubmitAgainAsync(work, wait, wasUnknown: false, cancellationToken);
        return ImageStep.After(wait);
    }

    private TimeSpan NextPoll(ImageWork work) =>
        PollPlan.Next(work.Image.SubmittedAt is { } at ? work.Run.Now - at : TimeSpan.Zero, work.ModelOrNone?.Estimate ?? TimeSpan.Zero, options.Value.PollMin, options.Value.PollMax);

    private static bool IsRefusal(JsonElement? error) => error?.ToString().Contains("NSFW", StringComparison.OrdinalIgnoreCase) == true;

    [LoggerMessage(LogLevel.Information, "Image {Index} is stored ({Bytes} bytes).")]
    private static partial void Stored(ILogger logger, int index, long bytes);

    [LoggerMessage(LogLevel.Warning, "Image {Index} is given up: {Code}. Its share of the hold is released.")]
    private static partial void GivenUp(ILogger logger, int index, string code);

    [LoggerMessage(LogLevel.Warning, "Prediction {PredictionId} cannot be read: {Reason}")]
    private static partial void Unreadable(ILogger logger, string predictionId, string reason);

    [LoggerMessage(LogLevel.Warning, "Prediction {PredictionId} failed: {Error}")]
    private static partial void ModelFailed(ILogger logger, string predictionId, string error);
}
