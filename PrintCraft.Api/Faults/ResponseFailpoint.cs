using PrintCraft.Core.Faults;

namespace PrintCraft.Api.Faults;

internal static class ResponseFailpoint
{
    /// <summary>Reaches the point when the answer has gone out.</summary>
    public static void ReachWhenSent(this HttpResponse response, string point)
    {
        if (Failpoint.IsArmed)
        {
            response.OnCompleted(() =>
            {
                Failpoint.Reach(point);
                return Task.CompletedTask;
            });
        }
    }
}
