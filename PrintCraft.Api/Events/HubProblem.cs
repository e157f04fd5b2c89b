using Microsoft.AspNetCore.SignalR;

using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Events;

/// <summary>An error of the hub: SignalR carries one text, so it is the code, a colon and the message.</summary>
internal static class HubProblem
{
    public static HubException Because(ProblemCode code, string? detail = null) => new($"{code.Code}: {detail ?? code.Title}");
}

/// <summary>Around each call of a hub: it counts as a request does, and what passes by itself is told as such.</summary>
internal sealed class HubCalls(Limiter limits, QuotaPolicies policies) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var http = invocationContext.Context.GetHttpContext()!;
        var takes = policies.OfRequest(http);
        if (!await limits.TryTakeAsync(takes, http.RequestAborted))
        {
            throw HubProblem.Because(ProblemCode.RateLimited, $"Try again after {takes.Where(take => take.IsViolated).Max(take => take.Reset ?? 1)} seconds.");
        }

        try
        {
            return await next(invocationContext);
        }
        catch (Exception exception) when (ProblemRegistration.IsPassing(exception))
        {
            throw HubProblem.Because(ProblemCode.ServiceUnavailable);
        }
    }
}
