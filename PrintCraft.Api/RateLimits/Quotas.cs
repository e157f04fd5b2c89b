using System.Threading.RateLimiting;

using Microsoft.AspNetCore.RateLimiting;

namespace PrintCraft.Api.RateLimits;

/// <summary>What an endpoint says about limits. Without a word it has all of them; <c>DisableRateLimiting()</c> takes all of them away.</summary>
internal static class Quotas
{
    private static readonly object None = new Exempt();

    /// <summary>Counts for nobody, but holds a place: what is asked for with a signature, which the caller was given to use.</summary>
    public static TBuilder WithoutQuota<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(None);

    /// <summary>From here on the request only waits or sends: another may have its place.</summary>
    public static void GiveBackPlace(this HttpContext context) => context.Features.Get<RateLimitLease>()?.Dispose();

    public static bool IsWithout(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata && (metadata.GetMetadata<Exempt>() is not null || metadata.GetMetadata<DisableRateLimitingAttribute>() is not null);

    private sealed class Exempt;
}
