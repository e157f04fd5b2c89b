using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Worker.Telemetry;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Works on generations, a bounded number at a time. Whatever the reason for a look (message, poll, webhook, rescue), it is the same:
/// claim the generation, take each open image one step further, give the claim back with the time of the next look.
/// No claim is held while Replicate works. After a crash the lease runs out and the generation is due again.
/// </summary>
internal sealed partial class GenerationRuns(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    SubmitImage submit,
    FindSubmission find,
    CheckImage check,
    ProviderGate gate,
    GenerationMetrics metrics,
    IOptions<ModelCatalog> catalog,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<GenerationRuns> logger) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private static readonly Func<ILogger, Guid, IDisposable?> GenerationScope = LoggerMessage.DefineScope<Guid>("{GenerationId}");

    private readonly SemaphoreSlim _slots = new(options.Value.Concurrency);

    /// <summary>Jobs that were taken before their message came.</summary>
    private readonly RecentIds _early = new();

    /// <summary>Waits for a free slot and takes more that are free, up to <paramref name="wanted"/>; answers how many.</summary>
    public async Task<int> TakeSlotsAsync(int wanted, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        var taken = 1;
        while (taken < wanted && await _slots.WaitAsync(0, CancellationToken.None))
        {
            taken++;
        }

        return taken;
    }

    public void ReturnSlots(int count)
    {
        if (count > 0)
        {
            _slots.Release(count);
        }
    }

    /// <summary>
    /// Takes jobs whose messages are only about to be published, as far as there are free slots: at rest the way through the broker is the longest part of
    /// the way to the first image. The message still goes out, for everybody else; here <see cref="WasTakenEarly"/> knows it.
    /// </summary>
    public async Task TakeEarlyAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var slots = 0;
        while (slots < ids.Count && await _slots.WaitAsync(0, CancellationToken.None))
        {
            slots++;
        }

        if (slots > 0)
        {
            if (await TryClaimAsync([.. ids.Take(slots)], skipLocked: true, cancellationToken) is { } claimed)
            {
                _early.Add(claimed);
            }
            else
            {
                ReturnSlots(slots);
            }
        }
    }

    /// <summary>Whether the job was claimed here before its message came. Asked once per message: another one of the same job is for something else.</summary>
    public bool WasTakenEarly(Guid id) => _early.Remove(id);

    /// <summary>
    /// Claims those of the generations that are free and works on them in the background, in slots that were taken for all of them; answers which. Null
    /// when the database did not answer: the slots are kept, for the next try.
    /// </summary>
    public async Task<IReadOnlyList<Guid>?> TryClaimAsync(Guid[] ids, bool skipLocked, CancellationToken cancellationToken)
    {
        IReadOnlyList<PreparedRun> claimed;
        try
        {
            claimed = await TakeGenerations.ClaimAsync(database, ids, options.Value.Lease, skipLocked, gate.ClosedFor == TimeSpan.Zero, time.GetTimestamp(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotClaimed(logger, exception.GetBaseException().Message);
            return null;
        }
        catch
        {
            ReturnSlots(ids.Length);
            throw;
        }

        Failpoint.Reach("W2");
        ReturnSlots(ids.Length - claimed.Count);
        foreach (var run in claimed)
        {
            if (run.Claim.IsFirst)
            {
                metrics.Begun(run.Now - run.Generation.CreatedAt);
            }

            _ = RunInSlotAsync(run, cancellationToken);
        }

        return [.. claimed.Select(run => run.Generation.Id)];
    }

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
            using var timer = new PeriodicTimer(options.Value.Lease / 3);
            var renewing = RenewAsync(run.Claim, timer, limit);
            var wait = await RunAsync(run, limit.Token);
            // Ends the renewing without an exception, which is what a cancelled wait would cost every run.
            timer.Dispose();
            await renewing;
            if (!run.IsSettled)
            {
                await ReleaseAsync(run.Claim, wait);
            }
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

    [LoggerMessage(LogLevel.Warning, "Jobs could not be claimed yet: {Reason}")]
    private static partial void NotClaimed(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The lease could not be renewed or given back; it runs out by itself: {Reason}")]
    private static partial void NotRenewed(ILogger logger, string reason);
}
