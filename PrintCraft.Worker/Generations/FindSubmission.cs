using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;

using Refit;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Finds out what became of a submission whose answer was lost. A webhook may have told the id; else the provider's list is searched: each
/// prediction has the webhook address that it was asked for, in which our token stands; without webhooks, model and whole input must be
/// ours, and no image may have the prediction already. Found, it is adopted. Only when the whole list was read and the grace time is over does
/// it count as not taken: then the image is submitted once more, or given up if that was done before, because it might be a third bill.
/// </summary>
internal sealed partial class FindSubmission(
    IReplicateApi replicate,
    SubmitImage submit,
    CheckImage check,
    ImageWrites writes,
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    IOptions<ReplicateOptions> replicateOptions,
    IOptions<WorkOptions> options,
    ILogger<FindSubmission> logger)
{
    private const int MaxPages = 20;

    /// <summary>The provider's clock may differ from ours, and the call may have taken its time.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    /// <summary>In polling mode a prediction made before the intent is an earlier one.</summary>
    private static readonly TimeSpan EarlierMargin = TimeSpan.FromSeconds(5);

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        Prediction? found;
        bool isWholeList;
        try
        {
            (found, isWholeList) = await FindAsync(work, cancellationToken);
        }
        catch (ApiExceptionBase exception)
        {
            NotListed(logger, exception.GetBaseException().Message);
            return ImageStep.After(options.Value.PollMax);
        }

        if (found is not null)
        {
            Found(logger, work.Image.Index, found.Id);
            return await submit.AdoptAsync(work, found, cancellationToken);
        }

        var grace = work.Image.SubmitIntentAt!.Value + options.Value.UnknownGrace - work.Run.Now;
        if (!isWholeList || grace > TimeSpan.Zero)
        {
            return ImageStep.After(isWholeList && grace < options.Value.PollMax ? grace : options.Value.PollMax);
        }

        return work.Image.Unknowns == 0
            ? await SubmitAgainAsync(work, cancellationToken)
            : await check.GiveUpAsync(work, FailureCodes.ProviderUnavailable, cancellationToken);
    }

    /// <summary>The prediction, if there is one, and whether that "if" is certain.</summary>
    private async Task<(Prediction? Found, bool IsWholeList)> FindAsync(ImageWork work, CancellationToken cancellationToken)
    {
        if (work.Image.PredictionId is { } told)
        {
            using var response = await replicate.GetAsync(told, cancellationToken);
            return (response.Content, response.IsSuccessful);
        }

        var intent = work.Image.SubmitIntentAt!.Value;
        var (after, before) = (Stamp(intent - ClockMargin), Stamp(intent + replicateOptions.Value.Timeout + ClockMargin));
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var list = await replicate.ListAsync(after, before, cursor, cancellationToken);
            // Newest first; of several that fit, the oldest is the one that was asked for first.
            foreach (var candidate in list.Results.Reverse().Where(prediction => IsOurs(prediction, work)))
            {
                if (!await IsTakenAsync(candidate.Id, cancellationToken))
                {
                    return (candidate, true);
                }
            }

            cursor = list.Next is { } next ? HttpUtility.ParseQueryString(new Uri(next).Query)["cursor"] : null;
            if (cursor is null)
            {
                return (null, true);
            }
        }

        return (null, false);
    }

    /// <summary>Whether an image has it already: another one that asked for the same.</summary>
    private async Task<bool> IsTakenAsync(string predictionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT 1 FROM provider_runs WHERE prediction_id = $1");
        command.Parameters.Add(Text(predictionId));
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private bool IsOurs(Prediction prediction, ImageWork work) => replicateOptions.Value.WebhookBaseUrl is not null
        ? prediction.Webhook?.Contains($"token={work.Image.Token}", StringComparison.Ordinal) == true
        : prediction.CreatedAt >= work.Image.SubmitIntentAt!.Value - EarlierMargin
            && !work.Image.PastPredictions.Contains(prediction.Id)
            && (prediction.Version == work.Model.Version || prediction.Model == work.Model.FullName)
            && prediction.Input is { } input
            && work.Model.Input(work.Generation, work.Image.Seed).All(asked => JsonNode.DeepEquals(asked.Value, input[asked.Key]));

    private async Task<ImageStep> SubmitAgainAsync(ImageWork work, CancellationToken cancellationToken)
    {
        NotFound(logger, work.Image.Index);
        await writes.SubmitAgainAsync(work, TimeSpan.Zero, wasUnknown: true, cancellationToken);
        return ImageStep.After(TimeSpan.Zero);
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "Replicate's list cannot be read; a submission with unknown outcome waits: {Reason}")]
    private static partial void NotListed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The lost submission of image {Index} was found as {PredictionId}.")]
    private static partial void Found(ILogger logger, int index, string predictionId);

    [LoggerMessage(LogLevel.Warning, "The lost submission of image {Index} was not found within the grace time; it is submitted once more.")]
    private static partial void NotFound(ILogger logger, int index);
}
