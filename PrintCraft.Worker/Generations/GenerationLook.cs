using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// One look at a claimed generation: takes each open image one step further and gives the claim back with the time of the next look.
/// No claim is held while Replicate works. After a crash the lease runs out and the generation is due again.
/// </summary>
internal sealed partial class GenerationLook(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    SubmitImage submit,
    FindSubmission find,
    CheckImage check,
    ProviderGate gate,
    IOptions<ModelCatalog> catalog,
    IOptions<WorkOptions> options,
    ILogger<GenerationLook> logger)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private static readonly Func<ILogger, Guid, IDisposable?> GenerationScope = LoggerMessage.DefineScope<Guid>("{GenerationId}");

    /// <summary>Ends when the claim was given back, or lost. Throws nothing: a look that fails is repeated.</summary>
    public async Task RunAsync(PreparedRun run, CancellationToken cancellationToken)
    {
        using var activity = GenerationTelemetry.StartRun(run.Generation);
        using var context = GenerationScope(logger, run.Generation.Id);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A slow answer must not carry a look past the deadline: the next look ends the job.
        var left = run.Generation.Deadline - run.Now;
        limit.CancelAfter(left > TimeSpan.Zero ? left : options.Value.Lease);
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        var renewing = RenewAsync(run.Claim, timer, limit);
        var wait = await TakeStepsAsync(run, limit.Token);
        // Ends the renewing without an exception, which is what a cancelled wait would cost every run.
        timer.Dispose();
        await renewing;
        if (!run.IsSettled)
        {
            await ReleaseAsync(run.Claim, wait);
        }
    }

    /// <summary>Takes every open image a step further; answers when to look again.</summary>
    private async Task<TimeSpan> TakeStepsAsync(PreparedRun run, CancellationToken cancellationToken)
    {
        var model = catalog.Value.Named(run.Generation.Model);
        try
        {
            var steps = await Task.WhenAll(run.Generation.Images
                .Where(image => !image.Status.IsFinal())
                .Select(image => StepAsync(new ImageWork(run, image, model), cancellationToken)));
            return steps.Min(step => step.Again) ?? TimeSpan.Zero;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopping, past the deadline, or the claim was lost: whoever claims next goes on.
            return TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // The loop's edge. The job is not harmed: it is looked at again, until its deadline.
            Failed(logger, exception);
            return PauseAfterFailure;
        }
    }

    private async Task<ImageStep> StepAsync(ImageWork work, CancellationToken cancellationToken)
    {
        var now = work.Run.Now;
        return work.Image switch
        {
            _ when work.Generation.CancelRequestedAt is not null => await check.CancelAsync(work, cancellationToken),
            _ when now >= work.Generation.Deadline => await check.GiveUpAsync(work, FailureCodes.Timeout, cancellationToken),
            { Status: not ImageStatus.Submitted } when work.ModelOrNone is null => await check.GiveUpAsync(work, FailureCodes.ProviderRejected, cancellationToken),
            { Status: ImageStatus.Submitting } when work.Run.ToSubmit.Contains(work.Image.Index) => await submit.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitting } => await find.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitted } => await check.RunAsync(work, cancellationToken),
            { NotBefore: { } notBefore } when notBefore - now > options.Value.PollMin => ImageStep.After(notBefore - now),
            _ => ImageStep.After(gate.ClosedFor > options.Value.PollMin ? gate.ClosedFor : options.Value.PollMin),
        };
    }

    /// <summary>Renews the claim while the run goes on, and ends the run when the claim is lost.</summary>
    private async Task RenewAsync(GenerationClaim claim, PeriodicTimer timer, CancellationTokenSource run)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None) && !run.IsCancellationRequested)
        {
            try
            {
                if (!await claim.RenewAsync(database, options.Value.Lease, run.Token))
                {
                    await run.CancelAsync();
                }
            }
            catch (OperationCanceledException) when (run.IsCancellationRequested)
            {
                // The run is over.
            }
            catch (Exception exception)
            {
                // Tried again at the next tick. Every write names the token, so at worst another worker repeats a look.
                NotRenewed(logger, exception.GetBaseException().Message);
            }
        }
    }

    private async Task ReleaseAsync(GenerationClaim claim, TimeSpan wait)
    {
        try
        {
            // Also while stopping: without it the job would wait for its lease to run out.
            await claim.ReleaseAsync(database, wait, CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotRenewed(logger, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Error, "A look at the generation failed; it is looked at again.")]
    private static partial void Failed(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The lease could not be renewed or given back; it runs out by itself: {Reason}")]
    private static partial void NotRenewed(ILogger logger, string reason);
}
