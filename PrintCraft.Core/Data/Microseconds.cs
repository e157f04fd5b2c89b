namespace PrintCraft.Core.Data;

public static class Microseconds
{
    /// <summary>The time as Postgres keeps it, so that an answer before it is stored and one after say the same.</summary>
    public static DateTimeOffset InMicroseconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
