using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>A claimed generation, with the images whose intent to submit this claim committed: they, and only they, may be submitted.</summary>
internal sealed record PreparedRun(GenerationClaim Claim, Generation Generation, IReadOnlySet<int> ToSubmit);

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
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await claim.LockAsync(db, cancellationToken))
        {
            return null;
        }

        var intended = await SubmitImage.CommitIntentsAsync(db, claim, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var generation = await db.Generations.AsNoTracking().Include(row => row.Images).SingleAsync(row => row.Id == claim.Id, cancellationToken);
        return new PreparedRun(claim, generation, intended);
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
        using var activity = GenerationTelemetry.StartRun(run.Generation);
        using var context = GenerationScope(logger, run.Generation.Id);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(run.Claim, lost);
        var wait = PauseAfterFailure;
        try
        {
            wait = await RunAsync(run, lost.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // Stopping, or the claim was lost: whoever claims next goes on.
            wait = TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // The loop's edge. The job is not harmed: it is looked at again, until its deadline.
            Failed(logger, exception);
        }

        await lost.CancelAsync();
        await renewing;
        await ReleaseAsync(run.Claim, wait);
        _slots.Release();
    }

    private async Task<TimeSpan> RunAsync(PreparedRun run, CancellationToken cancellationToken)
    {
        var model = catalog.Value.For(run.Generation.Quality);
        var steps = await Task.WhenAll(run.Generation.Images
            .Where(image => !image.Status.IsFinal())
            .Select(image => StepAsync(new ImageWork(run.Claim, run.Generation, image, model), run.ToSubmit.Contains(image.Index), cancellationToken)));
        return steps.Min(step => step.Again) ?? TimeSpan.Zero;
    }

    private async Task<ImageStep> StepAsync(ImageWork work, bool mayBeSubmitted, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return work.Image switch
        {
            _ when now >= work.Generation.Deadline => await check.GiveUpAsync(work, FailureCodes.Timeout, cancellationToken),
            { Status: ImageStatus.Submitting } when mayBeSubmitted => await submit.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitting } => await find.RunAsync(work, cancellationToken),
            { Status: ImageStatus.Submitted } => await check.RunAsync(work, cancellationToken),
            { NotBefore: { } notBefore } => ImageStep.After(notBefore - now),
            _ => ImageStep.After(options.Value.PollMin),
        };
    }

    private async Task RenewAsync(GenerationClaim claim, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 3);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token))
            {
                await using var scope = scopes.CreateAsyncScope();
                if (!await claim.RenewAsync(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), options.Value.Lease, lost.Token))
                {
                    await lost.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        catch (Exception exception)
        {
            // Not renewed: every write still names the token, so at worst another worker repeats a look.
            NotRenewed(logger, exception.GetBaseException().Message);
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
