using System.Text.Json.Nodes;
using System.Web;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Replicate;

using Refit;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Finds out what became of a submission whose answer was lost: the provider lists its predictions, each with the webhook address that it
/// was asked for, in which our token stands; without webhooks, prompt and seed tell it, unless another image has that prediction already.
/// Found, it is adopted. Not found within the grace time, it counts as not taken and the image may be submitted once more; then it ends,
/// because a third submission might be a third bill.
/// </summary>
internal sealed partial class FindSubmission(
    IReplicateApi replicate,
    SubmitImage submit,
    CheckImage check,
    IServiceScopeFactory scopes,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<FindSubmission> logger)
{
    private const int MaxSubmissions = 2;
    private const int MaxPages = 10;

    /// <summary>The provider's clock may differ from ours.</summary>
    private static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(1);

    public async Task<ImageStep> RunAsync(ImageWork work, CancellationToken cancellationToken)
    {
        Prediction? found;
        try
        {
            found = await FindAsync(work, cancellationToken);
        }
        catch (ApiExceptionBase exception)
        {
            NotListed(logger, exception.GetBaseException().Message);
            return ImageStep.After(options.Value.PollMax);
        }

        if (found is not null)
        {
            Adopted(logger, work.Image.Index, found.Id);
            await submit.AdoptAsync(work, found.Id);
            return await check.ContinueAsync(work, found, cancellationToken);
        }

        var grace = work.Image.SubmitIntentAt!.Value + options.Value.UnknownGrace - time.GetUtcNow();
        if (grace > TimeSpan.Zero)
        {
            return ImageStep.After(grace < options.Value.PollMax ? grace : options.Value.PollMax);
        }

        return work.Image.Attempt < MaxSubmissions
            ? await SubmitAgainAsync(work, cancellationToken)
            : await check.GiveUpAsync(work, FailureCodes.ProviderUnavailable, cancellationToken);
    }

    private async Task<Prediction?> FindAsync(ImageWork work, CancellationToken cancellationToken)
    {
        var since = work.Image.SubmitIntentAt!.Value - ClockMargin;
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var list = await replicate.ListAsync(since.UtcDateTime.ToString("O"), cursor, cancellationToken);
            foreach (var candidate in list.Results.Where(prediction => IsOurs(prediction, work)))
            {
                if (!await IsTakenAsync(candidate.Id, cancellationToken))
                {
                    return candidate;
                }
            }

            cursor = list.Next is { } next ? HttpUtility.ParseQueryString(new Uri(next).Query)["cursor"] : null;
            if (cursor is null)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Whether an image has it: another one of the same prompt and seed, or this one's last attempt.</summary>
    private async Task<bool> IsTakenAsync(string predictionId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().GenerationImages.AnyAsync(image => image.PredictionId == predictionId, cancellationToken);
    }

    private static bool IsOurs(Prediction prediction, ImageWork work) =>
        prediction.Webhook is { } webhook
            ? webhook.Contains($"token={work.Image.Token}", StringComparison.Ordinal)
            : prediction.Input is { } input
                && input["seed"] is JsonValue seed && seed.TryGetValue<long>(out var number) && number == work.Image.Seed
                && input["prompt"] is JsonValue prompt && prompt.TryGetValue<string>(out var text) && text == Styles.Enhance(work.Generation.Prompt, work.Generation.Style);

    private async Task<ImageStep> SubmitAgainAsync(ImageWork work, CancellationToken cancellationToken)
    {
        NotFound(logger, work.Image.Index);
        await using var scope = scopes.CreateAsyncScope();
        await ImageWrites.BackToPendingAsync(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), work, TimeSpan.Zero, cancellationToken);
        return ImageStep.After(TimeSpan.Zero);
    }

    [LoggerMessage(LogLevel.Warning, "Replicate's list cannot be read; a submission with unknown outcome waits: {Reason}")]
    private static partial void NotListed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The lost submission of image {Index} was found as {PredictionId}.")]
    private static partial void Adopted(ILogger logger, int index, string predictionId);

    [LoggerMessage(LogLevel.Warning, "The lost submission of image {Index} was not found within the grace time; it is submitted once more.")]
    private static partial void NotFound(ILogger logger, int index);
}
