namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The five strategies of the standard handler, outermost first. Upstream also reloads them with configuration.</summary>
public class HttpStandardResilienceOptions
{
    [Required]
    public HttpRateLimiterStrategyOptions RateLimiter { get; set; } = new() { Name = "Standard-RateLimiter" };

    [Required, ValidateObjectMembers]
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new() { Name = "Standard-TotalRequestTimeout" };

    [Required, ValidateObjectMembers]
    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    [Required, ValidateObjectMembers]
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new() { Name = "Standard-CircuitBreaker" };

    [Required, ValidateObjectMembers]
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } =
        new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };
}

/// <summary>The ranges that Polly's options declare.</summary>
[OptionsValidator]
internal sealed partial class StandardResilienceRanges : IValidateOptions<HttpStandardResilienceOptions>;

/// <summary>Timeouts that only make sense together.</summary>
internal sealed class StandardResilienceTimeouts : IValidateOptions<HttpStandardResilienceOptions>
{
    public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
    {
        var attempt = options.AttemptTimeout.Timeout;
        return attempt > options.TotalRequestTimeout.Timeout
                ? ValidateOptionsResult.Fail($"The total request timeout must not be shorter than the attempt timeout {attempt}.")
            : options.CircuitBreaker.SamplingDuration < 2 * attempt
                ? ValidateOptionsResult.Fail($"The circuit's sampling duration must be at least twice the attempt timeout {attempt}.")
            : ValidateOptionsResult.Success;
    }
}
