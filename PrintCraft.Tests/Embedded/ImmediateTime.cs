namespace PrintCraft.Tests.Embedded;

/// <summary>A clock on which waits up to a limit are over at once, and longer ones never. It keeps the waits it was asked for.</summary>
internal sealed class ImmediateTime(TimeSpan limit) : TimeProvider
{
    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Wait(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Wait(ImmediateTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return timer.Change(dueTime, period);
            }

            lock (time.Waits)
            {
                time.Waits.Add(dueTime);
            }

            return timer.Change(dueTime <= time.Limit ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }

    private TimeSpan Limit => limit;
}
