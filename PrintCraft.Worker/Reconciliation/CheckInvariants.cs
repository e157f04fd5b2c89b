using System.Diagnostics.Metrics;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;
using PrintCraft.Core.Invariants;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Checks the invariants over what was written of late; `PrintCraft.Worker check-invariants` does it over everything. A break is an error in the log and
/// in the metric <c>printcraft.invariants.broken</c>; it is never "repaired", because what broke it is not known.
/// </summary>
internal sealed partial class CheckInvariants(
    ImageStore images, IOptions<ReconciliationOptions> options, IMeterFactory meters, TimeProvider time, ILogger<CheckInvariants> logger) : IChore
{
    /// <summary>A job lives for a quarter of an hour at most; it is looked at while it does and after it ended.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    private readonly Gauge<int> _broken = meters.Create("PrintCraft.Invariants").CreateGauge<int>("printcraft.invariants.broken", "{break}", "Breaks that the last check found.");

    public TimeSpan Interval => options.Value.CheckInterval;

    public async Task<int> RunOnceAsync(PrintCraftDb db, CancellationToken cancellationToken)
    {
        var breaks = await InvariantCheck.RunAsync(db, images, time.GetUtcNow() - Window, cancellationToken);
        _broken.Record(breaks.Count);
        foreach (var found in breaks)
        {
            Broken(logger, found.Invariant, found.What);
        }

        return 0;
    }

    [LoggerMessage(LogLevel.Error, "Broken: {Invariant}: {What}")]
    private static partial void Broken(ILogger logger, string invariant, string what);
}
