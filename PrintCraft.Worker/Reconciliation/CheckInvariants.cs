using System.Diagnostics.Metrics;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Images;
using PrintCraft.Core.Invariants;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Checks the invariants over the newest jobs, which bounds what it costs; `PrintCraft.Worker check-invariants` does it over everything. A break is an error in the log and
/// in the metric <c>printcraft.invariants.broken</c>; it is never "repaired", because what broke it is not known.
/// </summary>
internal sealed partial class CheckInvariants(
    ImageStore images, IOptions<ReconciliationOptions> options, IMeterFactory meters, ILogger<CheckInvariants> logger) : IChore
{
    private const int Newest = 500;

    private readonly Gauge<int> _broken = meters.Create("PrintCraft.Invariants").CreateGauge<int>("printcraft.invariants.broken", "{break}", "Breaks that the last check found.");

    public TimeSpan Interval => options.Value.CheckInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var breaks = await InvariantCheck.RunAsync(connection, images, Newest, cancellationToken);
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
