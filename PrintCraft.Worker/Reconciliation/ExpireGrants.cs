using Microsoft.Extensions.Options;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>Takes back what is left of grants whose time is over.</summary>
internal sealed class ExpireGrants(IOptions<ReconciliationOptions> options, TimeProvider time) : IChore
{
    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<int> RunOnceAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        var count = 0;
        while (await db.ExpireOneGrantAsync(time.GetUtcNow(), cancellationToken))
        {
            count++;
        }

        return count;
    }
}
