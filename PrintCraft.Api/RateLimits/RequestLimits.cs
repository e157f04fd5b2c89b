using System.Globalization;
using System.Text;

using Microsoft.AspNetCore.Mvc;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// What is known of the limits of one request. Says it in <c>RateLimit-Policy</c>, <c>RateLimit</c> and <c>Retry-After</c>
/// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/) when the answer starts, whoever writes that. A refusal names only what it
/// was refused by: the rest was not touched.
/// </summary>
internal sealed class RequestLimits
{
    private readonly List<Take> _takes = new(3);
    private TimeSpan _retryWhenFull;

    private RequestLimits()
    {
    }

    public static RequestLimits Of(HttpContext context)
    {
        if (context.Features.Get<RequestLimits>() is { } limits)
        {
            return limits;
        }

        limits = new RequestLimits();
        context.Features.Set(limits);
        context.Response.OnStarting(static state =>
        {
            var (context, limits) = ((HttpContext, RequestLimits))state;
            limits.Write(context.Response.Headers);
            return Task.CompletedTask;
        }, (context, limits));
        return limits;
    }

    /// <summary>Adds to a 429 what the limits know of it: <c>retryAfter</c> in seconds and <c>violated-policies</c>.</summary>
    /// <returns>The seconds, or null when it was not the limits that refused.</returns>
    public static int? Explain(HttpContext context, ProblemDetails problem)
    {
        if (context.Features.Get<RequestLimits>() is not { RetryAfter: { } seconds } limits)
        {
            return null;
        }

        problem.Extensions["violated-policies"] = limits.Violated.Select(take => take.Policy.Name).ToArray();
        return seconds;
    }

    public void Add(Take take) => _takes.Add(take);

    public void Replace(Take take, Take later) => _takes[_takes.IndexOf(take)] = later;

    /// <param name="retryWhenFull">When to come back, as nobody knows when the policy has room.</param>
    public void Refuse(QuotaPolicy policy, TimeSpan retryWhenFull)
    {
        _retryWhenFull = retryWhenFull;
        _takes.Add(Take.Refused(policy));
    }

    private IEnumerable<Take> Violated => _takes.Where(take => take.IsViolated);

    /// <summary>Not before each of the violated policies has something again.</summary>
    private int? RetryAfter => Violated.Any() ? Math.Max(1, Violated.Max(take => take.Reset ?? (int)Math.Ceiling(_retryWhenFull.TotalSeconds))) : null;

    private void Write(IHeaderDictionary headers)
    {
        if (_takes.Count == 0)
        {
            return;
        }

        var isRefused = _takes.Exists(take => take.IsViolated);
        var (policies, standing) = (new StringBuilder(64), new StringBuilder(64));
        foreach (var take in _takes)
        {
            policies.Append(policies.Length > 0 ? ", " : "").Append(take.Policy.Item);
            if (take.IsViolated || !isRefused)
            {
                standing.Append(standing.Length > 0 ? ", \"" : "\"").Append(take.Policy.Name).Append("\";r=").Append(take.Remaining);
                if (take.Reset is { } reset)
                {
                    standing.Append(";t=").Append(reset);
                }
            }
        }

        headers["RateLimit-Policy"] = policies.ToString();
        headers["RateLimit"] = standing.ToString();
        if (isRefused)
        {
            headers.RetryAfter = RetryAfter!.Value.ToString(CultureInfo.InvariantCulture);
        }
    }
}
