namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The five strategies of the standard handler, outermost first. Upstream validates them and reloads them with configuration.</summary>
public class HttpStandardResilienceOptions
{
    public HttpRateLimiterStrategyOptions RateLimiter { get; } = new() { Name = "Standard-RateLimiter" };
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; } = new() { Name = "Standard-TotalRequestTimeout" };
    public HttpRetryStrategyOptions Retry { get; } = new() { Name = "Standard-Retry" };
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; } = new() { Name = "Standard-CircuitBreaker" };
    public HttpTimeoutStrategyOptions AttemptTimeout { get; } =
        new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };
}
