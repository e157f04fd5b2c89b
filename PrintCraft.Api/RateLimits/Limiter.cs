using Microsoft.Extensions.Options;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// Asks whether a caller may: Redis, for all processes together, or while Redis cannot say this process alone. A process alone lets each caller have
/// the whole quota, so with N processes at most N times as much passes; credits are safe anyhow, by the ledger.
/// </summary>
internal sealed class Limiter(SharedWindows shared, LocalWindows local, QuotaPolicies policies, IHttpContextAccessor accessor, IOptions<RateLimitOptions> options)
{
    public const string TooManyStreams = "You have as many event streams open as are allowed.";

    /// <summary>All of it, or nothing of it.</summary>
    public async ValueTask<bool> TryTakeAsync(Take[] takes, CancellationToken cancellationToken) =>
        takes.Length == 0 || (await shared.TryTakeAsync(takes, cancellationToken) ?? local.TryTake(takes));

    /// <summary>
    /// Whether a user may order for so many credits now. A call of its own: what an order costs is known when its body was read and it is no repetition
    /// of an earlier one, and by then the limits of the request itself were long asked for, before any of that cost something.
    /// </summary>
    public async ValueTask<bool> TrySpendAsync(Guid userId, int credits, CancellationToken cancellationToken)
    {
        if (!policies.Generation.IsOn)
        {
            return true;
        }

        var take = policies.Generation.Of(userId.ToString(), Math.Min(credits, policies.Generation.Quota));
        var isAllowed = await TryTakeAsync([take], cancellationToken);
        RequestLimits.Of(accessor.HttpContext!).Add(take);
        return isAllowed;
    }

    /// <summary>The answer's headers say that the user has as many jobs as are allowed.</summary>
    public void RefuseJobs() => RequestLimits.Of(accessor.HttpContext!).Refuse(policies.Jobs, options.Value.RetryWhenFull);

    /// <summary>The answer's headers say that the user has as many event streams as are allowed.</summary>
    public void RefuseStreams() => RequestLimits.Of(accessor.HttpContext!).Refuse(policies.Streams, options.Value.RetryWhenFull);
}
