namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Retry for HTTP: transient outcomes, exponential with jitter; a Retry-After answer wins over the computed delay.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    public HttpRetryStrategyOptions()
    {
        // SocketsHttpHandler reports its connect timeout as a cancellation that nobody asked for.
        ShouldHandle = args => new(HttpOutcome.IsTransient(args.Outcome)
            || (!args.Context.CancellationToken.IsCancellationRequested && args.Outcome.Exception
                is OperationCanceledException { Source: "System.Private.CoreLib", InnerException: TimeoutException }));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        DelayGenerator = args => new(HttpOutcome.RetryAfter(args.Outcome.Result));
    }
}

/// <summary>Circuit breaker for HTTP: counts transient outcomes.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions() => ShouldHandle = args => new(HttpOutcome.IsTransient(args.Outcome));
}

/// <summary>Timeout for HTTP.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>Concurrency limit, fixed at 1000 without a queue; upstream derives it from the options of Polly.RateLimiting.</summary>
public class HttpRateLimiterStrategyOptions : ResilienceStrategyOptions;

/// <summary>Which methods a retry leaves alone.</summary>
[Experimental("EXTEXP0001", UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}")]
public static class HttpRetryStrategyOptionsExtensions
{
    /// <summary>Never retries DELETE, POST, PUT, CONNECT and PATCH.</summary>
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options)
    {
        var shouldHandle = options.ShouldHandle;
        options.ShouldHandle = async args => await shouldHandle(args).ConfigureAwait(false)
            && (args.Outcome.Result?.RequestMessage ?? ResilienceHandler.RequestOf(args.Context))?.Method.Method
                is not ("DELETE" or "POST" or "PUT" or "CONNECT" or "PATCH");
    }
}

internal static class HttpOutcome
{
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || outcome.Result?.StatusCode
            is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    public static TimeSpan? RetryAfter(HttpResponseMessage? response)
    {
        var header = response?.Headers.RetryAfter;
        var delay = header?.Date - TimeProvider.System.GetUtcNow() ?? header?.Delta;
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }
}
