using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>A claimed generation, with the images whose intent to submit this claim committed: they, and only they, may be submitted.</summary>
/// <param name="Now">By the database's clock, like everything it is compared with.</param>
/// <param name="ClaimedAt">Monotonic, for <see cref="TimeProvider.GetElapsedTime(long)"/>.</param>
internal sealed record PreparedRun(GenerationClaim Claim, Generation Generation, IReadOnlySet<int> ToSubmit, DateTimeOffset Now, long ClaimedAt);

/// <summary>
/// Works on generations, a bounded number at a time. Whatever the reason for a look (message, poll, webhook, rescue), it is the same:
/// claim the generation, take each open image one step further, give the claim back with the time of the next look.
/// No claim is held while Replicate works. After a crash the lease runs out and the generation is due again.
/// </summary>
internal sealed partial class GenerationRuns(
    IServiceScopeFactory scopes,
    SubmitImage submit,
    FindSubmission find,
    CheckImage check,
    IOptions<ModelCatalog> catalog,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<GenerationRuns> logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private static readonly Func<ILogger, Guid, IDisposable?> GenerationScope = LoggerMessage.DefineScope<Guid>("{GenerationId}");

    private readonly SemaphoreSlim _slots = new(options.Value.Concurrency);

    /// <summary>Ends when one more generation may be claimed. Give the slot to <see cref="Start"/> or back to <see cref="ReturnSlot"/>.</summary>
    public Task TakeSlotAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    public void ReturnSlot() => _slots.Release();

    /// <summary>
    /// Commits, for every image that may be submitted now, the intent to do so. From then on the broker's message is not needed: whoever
    /// finds the intent knows that the provider may have been asked. Null when the claim was lost.
    /// </summary>
    public async Task<PreparedRun?> PrepareAsync(GenerationClaim claim, CancellationToken cancellationToken)
    {
        Failpoint.Reach("W2");
        var claimedAt = time.GetTimestamp();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await claim.LockAsync(db, cancellationToken) is not { } now)
        {
            return null;
        }

        var intended = await SubmitImage.IntendAsync(db, claim, cancellationToken);
        var generation = await db.Generations.AsNoTracking().Include(row => row.Images).SingleAsync(row => row.Id == claim.Id, cancellationToken);
        // Everything that can fail or be cancelled is behind us: an intent that is committed is one that is acted on.
        await transaction.CommitAsync(CancellationToken.None);
        if (intended.Count > 0)
        {
            Failpoint.Reach("W3");
        }

        return new PreparedRun(claim, generation, intended, now, claimedAt);
    }

    /// <summary>Works on in the background, in the slot that was taken.</summary>
    public void Start(PreparedRun run, CancellationToken cancellationToken) => _ = RunInSlotAsync(run, cancellationToken);

    /// <summary>Ends when everything that was started has ended; nothing can be started any more.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        for (var slot = 0; slot < options.Value.Concurrency; slot++)
        {
            await _slots.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task RunInSlotAsync(PreparedRun run, CancellationToken cancellationToken)
    {
        try
        {
            using var activity = GenerationTelemetry.StartRun(run.Generation);
            using var context = GenerationScope(logger, run.Generation.Id);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // A slow answer must not carry a look past the deadline: the next look ends the job.
            var left = run.Generation.Deadline - run.Now;
            limit.CancelAfter(left > TimeSpan.Zero ? left : options.Value.Lease);
            var renewing = RenewAsync(run.Claim, limit);
            var wait = await RunAsync(run, limit.Token);
            await limit.CancelAsync();
            await renewing;
            await ReleaseAsync(run.Claim, wait);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Takes every open image a step further; answers when to look again.</summary>
    private async Task<TimeSpan> RunAsync(PreparedRun run, CancellationToken cancellationToken)
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
            _ when now >= work.Generation.Deadline => await check.GiveUpAsync(work, FailureCodes.Timeout, cancellationToken),
            { Status: not ImageStatus.Submitted } when work.ModelOrNone is null => await check.GiveUpAsync(work, FailureCodes.ProviderRejected, cancellationToken),
            { Status: ImageStatus.Submitting } when work.Run.ToSubmit.Contains(work.Image.Index) => await submit.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitting } => await find.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitted } => await check.RunAsync(work, cancellationToken),
            { NotBefore: { } notBefore } when notBefore - now > options.Value.PollMin => ImageStep.After(notBefore - now),
            _ => ImageStep.After(options.Value.PollMin),
        };
    }

    /// <summary>Renews the claim while the run goes on, and ends the run when the claim is lost.</summary>
    private async Task RenewAsync(GenerationClaim claim, CancellationTokenSource run)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        while (!run.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(run.Token);
                await using var scope = scopes.CreateAsyncScope();
                if (!await claim.RenewAsync(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), options.Value.Lease, run.Token))
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
            await using var scope = scopes.CreateAsyncScope();
            // Also while stopping: without it the job would wait for its lease to run out.
            await claim.ReleaseAsync(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), wait, CancellationToken.None);
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
