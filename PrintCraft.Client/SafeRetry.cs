using System.Net;

using Polly;
using Polly.Retry;

namespace PrintCraft.Client;

/// <summary>
/// Repeats what may be repeated, and nothing else: a refusal for too many requests (429: nothing was done), and after any other passing failure a
/// request that changes nothing twice, because of its method (RFC 9110, 9.2.2) or its Idempotency-Key. <c>Retry-After</c> wins over the pause that was
/// worked out; an answer that asks for more than <see cref="MaxPause"/> is given to the caller at once.
/// </summary>
public sealed class SafeRetry : DelegatingHandler
{
    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private const int Retries = 3;
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("request");

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public SafeRetry(TimeProvider time) => _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = Retries,
            Delay = TimeSpan.FromMilliseconds(500),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(MayRepeat(attempt.Context.Properties.GetValue(RequestKey, null!), attempt.Outcome, time)),
            DelayGenerator = attempt => ValueTask.FromResult(Asked(attempt.Outcome.Result, time)),
        })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RequestKey, request);
        try
        {
            return await _pipeline.ExecuteAsync(async attempt => await base.SendAsync(request, attempt.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool MayRepeat(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome, TimeProvider time) =>
        !(Asked(outcome.Result, time) > MaxPause) && outcome.Result?.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => true,
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => IsIdempotent(request),
            null => outcome.Exception is HttpRequestException && IsIdempotent(request),
            _ => false,
        };

    private static bool IsIdempotent(HttpRequestMessage request) =>
        request.Headers.Contains("Idempotency-Key") || request.Method.Method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE";

    /// <summary>The pause that the server asked for (RFC 9110, 10.2.3); null when it asked for none.</summary>
    private static TimeSpan? Asked(HttpResponseMessage? response, TimeProvider time) =>
        (response?.Headers.RetryAfter?.Delta ?? response?.Headers.RetryAfter?.Date - time.GetUtcNow()) is { } pause ? pause < TimeSpan.Zero ? TimeSpan.Zero : pause : null;
}
