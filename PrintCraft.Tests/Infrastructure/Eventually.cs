using System.Diagnostics;

using Xunit.Sdk;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>Waits for facts that other processes make true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until the answer is yes; fails with the story when the time is over.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> holds, Func<string> story, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new XunitException($"Waited {timeout.TotalSeconds:0} s for {story()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
