using System.Globalization;

namespace PrintCraft.Tests.Operations;

/// <summary>
/// How much of the machine others took. A promise about time is made for a machine that has nothing else to do; on one that is shared, the
/// seconds that others' programs ran do not count.
/// </summary>
public sealed class MachineLoad
{
    /// <summary>USER_HZ, the unit of /proc on every platform that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    private readonly TimeSpan _before = Busy();

    /// <summary>Since this was made: the time that the cores were busy with anything but these processes, as seconds of the whole machine.</summary>
    public TimeSpan OthersSince(RunFolder folder) => (Busy() - _before - folder.ProcessorTime()) / Environment.ProcessorCount;

    /// <summary>All but idle and waiting for disks: user, nice, system, irq, softirq, steal.</summary>
    private static TimeSpan Busy()
    {
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToList();
        return TimeSpan.FromSeconds((ticks.Sum() - ticks[3] - ticks[4]) / TicksPerSecond);
    }
}
