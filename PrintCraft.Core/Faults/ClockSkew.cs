using System.Globalization;

namespace PrintCraft.Core.Faults;

/// <summary>A clock that is wrong by a constant, so that a test can see what two machines' clocks do to each other. Only in environment Testing.</summary>
public static class ClockSkew
{
    /// <summary>A time span, as <c>00:10:00</c> or <c>-00:10:00</c>, added to this process's clock.</summary>
    public const string Variable = "PRINTCRAFT_CLOCK_SKEW";

    /// <summary>The process's clock.</summary>
    public static TimeProvider Clock =>
        TimeSpan.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var skew) ? new Skewed(skew) : TimeProvider.System;

    private sealed class Skewed(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
    }
}
