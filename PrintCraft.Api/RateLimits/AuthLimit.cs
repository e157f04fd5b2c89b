using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// For endpoints that take a secret: so many failed tries at an account from an address. A try is counted before it is made, so that many at once
/// are not all let through, and given back when the answer is no 4xx. A crash between counts one try too many. What sends a letter counts always, or
/// anybody could fill somebody's letter box.
/// </summary>
internal static class AuthLimit
{
    /// <param name="accountOf">The account that the request is about, as the caller names it; without one the address alone counts.</param>
    /// <param name="countsSuccess">Nothing is given back.</param>
    public static RouteHandlerBuilder WithAuthLimit<TRequest>(this RouteHandlerBuilder endpoint, Func<TRequest, string?> accountOf, bool countsSuccess = false)
        where TRequest : class => endpoint.AddEndpointFilter((context, next) =>
            LimitAsync(context, next, context.Arguments.OfType<TRequest>().FirstOrDefault() is { } request ? accountOf(request) : null, countsSuccess));

    private static async ValueTask<object?> LimitAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, string? account, bool countsSuccess)
    {
        var context = invocation.HttpContext;
        var policy = context.RequestServices.GetRequiredService<QuotaPolicies>().Auth;
        if (!policy.IsOn)
        {
            return await next(invocation);
        }

        var limits = context.RequestServices.GetRequiredService<Limiter>();
        var who = Who(context, account);
        var attempt = policy.Of(who);
        var isAllowed = await limits.TryTakeAsync([attempt], context.RequestAborted);
        RequestLimits.Of(context).Add(attempt);
        if (!isAllowed)
        {
            return Idempotency.Answer.Refusal(Problems.ProblemCode.RateLimited, "There were too many attempts.");
        }

        if (countsSuccess)
        {
            return await next(invocation);
        }

        // Runs before the headers are written, which were asked for earlier.
        context.Response.OnStarting(async () =>
        {
            if (context.Response.StatusCode is < 400 or >= 500)
            {
                var back = policy.Of(who, -1);
                await limits.TryTakeAsync([back], CancellationToken.None);
                RequestLimits.Of(context).Replace(attempt, back);
            }
        });
        return await next(invocation);
    }

    /// <summary>Redis need not know who has accounts here.</summary>
    private static string Who(HttpContext context, string? account)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(account?.Trim().ToUpperInvariant() ?? ""));
        return $"{ClientAddress.Of(context.Connection.RemoteIpAddress)}:{Convert.ToHexStringLower(hash.AsSpan(0, 16))}";
    }
}
