using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Works on generations, a bounded number at a time: takes slots, claims what is free and lets each claimed generation have its
/// <see cref="GenerationLook"/>, whatever the reason (message, poll, webhook, rescue).
/// </summary>
internal sealed partial class GenerationRuns(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database,
    GenerationLook look,
    ProviderGate gate,
    GenerationMetrics metrics,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<GenerationRuns> logger) : IDisposable
{
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
            await look.RunAsync(run, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Jobs could not be claimed yet: {Reason}")]
    private static partial void NotClaimed(ILogger logger, string reason);
}
