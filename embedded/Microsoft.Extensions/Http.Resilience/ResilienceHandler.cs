namespace Microsoft.Extensions.Http.Resilience;

/// <summary>
/// Sends a request through a pipeline. As upstream, every attempt sends the same message, so its content must be able to
/// write itself again; a StreamContent over a stream that cannot seek fails on the second attempt.
/// </summary>
internal sealed class ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage?> RequestKey = new("Resilience.Http.RequestMessage");

    public static HttpRequestMessage? RequestOf(ResilienceContext context) => context.Properties.GetValue(RequestKey, null);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await pipeline.ExecuteAsync(
                async attempt => await base.SendAsync(request, attempt.CancellationToken).ConfigureAwait(false),
                context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}

/// <summary>Stands for Polly.RateLimiting's strategy: a permit is held for the whole execution, and nobody waits for one.</summary>
internal sealed class ConcurrencyLimit : ResilienceStrategy
{
    private const int Permits = 1000;
    private int _taken;

    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        try
        {
            return Interlocked.Increment(ref _taken) <= Permits
                ? await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext)
                : Outcome.FromException<TResult>(new RateLimiterRejectedException());
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}

internal sealed class RateLimiterRejectedException() : ExecutionRejectedException("The rate limiter refused: too many requests in flight.");
