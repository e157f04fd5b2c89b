using PrintCraft.Api.Problems;

namespace PrintCraft.Api.RateLimits;

/// <summary>Middleware after authentication and before authorization: counts each request for its user, if it has one, and its address.</summary>
internal sealed class LimitRequests(RequestDelegate next, Limiter limits, QuotaPolicies policies, RefusedAddresses refused)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (Quotas.IsWithout(context))
        {
            await next(context);
            return;
        }

        var takes = policies.OfRequest(context);
        var isAllowed = await limits.TryTakeAsync(takes, context.RequestAborted);
        if (takes.Length > 0)
        {
            var known = RequestLimits.Of(context);
            foreach (var take in takes)
            {
                known.Add(take);
            }
        }

        if (isAllowed)
        {
            await next(context);
            return;
        }

        if (takes[^1] is { IsViolated: true, Reset: { } seconds } ip && ip.Policy == policies.Ip)
        {
            refused.Remember(ClientAddress.Of(context.Connection.RemoteIpAddress), TimeSpan.FromSeconds(seconds));
        }

        await ProblemRegistration.WriteAsync(context, ProblemCode.RateLimited);
    }
}
